// Passkeys, and the button that prints. Every page works without this file: what only it can do stays hidden.

const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0));
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const keys = list => (list ?? []).map(key => ({...key, id: bytes(key.id)}));

// The site sends and takes JSON as WebAuthn writes it; the browser wants bytes.
async function create({publicKey: o}) {
  const made = await navigator.credentials.create({publicKey: {
    ...o, challenge: bytes(o.challenge), user: {...o.user, id: bytes(o.user.id)}, excludeCredentials: keys(o.excludeCredentials),
  }});
  return {...named(made), response: {
    clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject),
    transports: made.response.getTransports?.() ?? [],
  }};
}

async function get({publicKey: o}) {
  const shown = await navigator.credentials.get({publicKey: {...o, challenge: bytes(o.challenge), allowCredentials: keys(o.allowCredentials)}});
  const {clientDataJSON, authenticatorData, signature, userHandle} = shown.response;
  return {...named(shown), response: {
    clientDataJSON: text(clientDataJSON), authenticatorData: text(authenticatorData), signature: text(signature),
    userHandle: userHandle ? text(userHandle) : undefined,
  }};
}

const named = key => ({
  id: key.id, rawId: text(key.rawId), type: key.type, authenticatorAttachment: key.authenticatorAttachment ?? undefined, clientExtensionResults: {},
});

async function post(path, body) {
  const response = await fetch(path, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body), redirect: "error"});
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) throw new Error(String(response.status));
  return {ok: response.ok, said: await response.json()};
}

// One place on a page: data-passkey is create or get, data-at the address of the ceremony. Afterwards the page goes on, or sends the
// form named by data-then.
async function ceremony(place, say) {
  const at = place.dataset.at;
  const begun = await post(at + "/begin", {});
  if (begun.said.to) return void location.assign(begun.said.to);
  if (!begun.ok) return say(begun.said.text);
  const answer = place.dataset.passkey === "create" ? await create(begun.said) : await get(begun.said);
  const ended = await post(at, {answer, name: place.querySelector("input")?.value ?? "", next: place.dataset.next ?? ""});
  if (!ended.ok && !ended.said.to) return say(ended.said.text);
  const form = document.getElementById(place.dataset.then ?? "");
  if (form) form.submit();
  else location.assign(ended.said.to);
}

function offer(place) {
  const without = place.parentElement.querySelector("[data-without]");
  if (place.dataset.origin !== location.origin) {
    without?.setAttribute("hidden", "");
    place.parentElement.querySelector("[data-elsewhere]")?.removeAttribute("hidden");
    return;
  }
  if (!globalThis.PublicKeyCredential) return;
  const button = place.querySelector("button"), status = place.querySelector("[role=status]");
  const say = words => { status.textContent = words; };
  button.addEventListener("click", async () => {
    button.disabled = true;
    say(place.dataset.wait);
    try {
      await ceremony(place, say);
    } catch (refused) {
      say(refused.name === "InvalidStateError" ? place.dataset.known : place.dataset.sorry);
    }
    button.disabled = false;
  });
  without?.setAttribute("hidden", "");
  place.hidden = false;
}

document.querySelectorAll("[data-passkey]").forEach(offer);
document.querySelectorAll("[data-print]").forEach(button => {
  button.addEventListener("click", () => print());
  button.hidden = false;
});
