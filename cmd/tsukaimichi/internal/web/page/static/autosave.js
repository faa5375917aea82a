// Saves a form a moment after somebody stops writing, and says so. Without it the button saves all the same.

const pause = 3000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const says = form.querySelector("[data-autosave-says]");
  const revision = form.elements.namedItem("revision");
  let timer;
  let sent = new URLSearchParams(new FormData(form)).toString();

  const save = async () => {
    const body = new URLSearchParams(new FormData(form));
    if (body.toString() === sent) return;
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const said = await answer.json();
      says.textContent = said.says;
      if (!answer.ok) return;
      revision.value = said.revision;
      const seen = form.elements.namedItem("seen");
      if (seen && said.seen !== undefined) seen.value = said.seen;
      sent = new URLSearchParams(new FormData(form)).toString();
    } catch {
      says.textContent = "いまは残せません。つながったら「残す」を押してください。";
    }
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}
