// Keeps the public pages somebody has read, for when the line drops. While there is a line every page is asked for first: nothing old is shown then.
// The server puts two constants in front of this file: version, and files, the static files of every page.
"use strict";

const offline = "/offline";
const most = 60, longest = 60 * 24 * 60 * 60 * 1000; // pages, and milliseconds that one is kept

// What everybody may read. Pages to give on, private links, the door and the groups' own pages never come here: the browser asks for them as if there were no worker.
const pages = /^\/(?:$|(?:how|contact|verify|privacy|accessibility|misuse|data)$|c\/[^/]+(?:\/(?:news|plan)(?:\/\d+)?)?$|o\/[^/]+(?:\/(?:law|log|gifts|misuse))?$|r\/[^/]+$)/;

const words = {
  ja: {
    day: at => new Intl.DateTimeFormat("ja-JP", { timeZone: "Asia/Tokyo", month: "long", day: "numeric" }).format(at),
    head: day => `保存した${day}のページです`,
    text: "いま、インターネットにつながっていません。そのあとのことは、つながってから読めます。",
    list: day => `${day}に保存しました`,
  },
  en: {
    day: at => new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Tokyo", month: "long", day: "numeric" }).format(at),
    head: day => `This page was saved on ${day}`,
    text: "You are offline. You can read what happened since when you are connected again.",
    list: day => `saved on ${day}`,
  },
};

addEventListener("install", event => event.waitUntil((async () => {
  await (await caches.open(version)).addAll([...files, offline]);
  await skipWaiting();
})()));

addEventListener("activate", event => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== version) await caches.delete(name);
  await clients.claim();
  // The pages already open came before the worker did.
  for (const client of await clients.matchAll({ type: "window" })) {
    const url = new URL(client.url);
    if (isPage(url)) await fetch(url).then(answer => keep(url.pathname, answer), () => {});
  }
})()));

addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (files.includes(url.pathname + url.search)) event.respondWith(file(request));
  else if (request.mode === "navigate" && isPage(url)) event.respondWith(page(event, url.pathname));
});

// What is looked for in one's own words is not kept.
function isPage(url) { return pages.test(url.pathname) && url.search === ""; }

async function file(request) {
  return await (await caches.open(version)).match(request, { ignoreVary: true }) ?? fetch(request);
}

async function page(event, path) {
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return await kept(path) ?? await nothingKept();
  }
  event.waitUntil(keep(path, answer.clone()));
  return answer;
}

// keep stores a page the server lets browsers keep, and forgets one that is gone.
async function keep(path, answer) {
  const cache = await caches.open(version), said = name => answer.headers.get(name) ?? "";
  if (answer.status === 404 || answer.status === 410) return cache.delete(path);
  if (!answer.ok || answer.redirected || !said("Content-Type").startsWith("text/html") || /no-store|private/.test(said("Cache-Control") || "no-store")) return;
  const text = await answer.text();
  const title = /<title>([^<｜]*)/.exec(text)?.[1] ?? path;
  await cache.put(path, new Response(text, { headers: {
    "Content-Type": said("Content-Type"), "Content-Security-Policy": said("Content-Security-Policy"), "Referrer-Policy": said("Referrer-Policy"),
    "Kept-At": String(Date.now()), "Kept-Title": encodeURIComponent(title),
  } }));
  const all = await keptPaths(cache);
  for (const old of all.slice(0, -most)) await cache.delete(old);
}

// keptPaths are the pages, the one longest not read first.
async function keptPaths(cache) {
  return (await cache.keys()).map(request => new URL(request.url)).filter(isPage).map(url => url.pathname);
}

// kept is a page as it was last read, which says so; nothing if it was not, or too long ago.
async function kept(path) {
  const cache = await caches.open(version), answer = await cache.match(path);
  if (!answer) return undefined;
  const at = Number(answer.headers.get("Kept-At"));
  if (Date.now() - at > longest) {
    await cache.delete(path);
    return undefined;
  }
  const text = await answer.text(), w = words[/<html lang="en/.test(text) ? "en" : "ja"];
  const notice = `<div class="notice notice--attend mt-24" id="kept"><p>${w.head(w.day(at))}</p><p>${w.text}</p></div>`;
  return new Response(text.replace(/<main [^>]*>/, main => main + notice), { headers: answer.headers });
}

// nothingKept says that there is no line, and which pages can be read without one.
async function nothingKept() {
  const cache = await caches.open(version), answer = await cache.match(offline);
  if (!answer) return Response.error();
  let list = "";
  for (const path of (await keptPaths(cache)).reverse()) {
    const headers = (await cache.match(path)).headers;
    list += `<li class="list__row"><div><a class="textlink" href="${path}">${decodeURIComponent(headers.get("Kept-Title"))}</a><p class="note">${words.ja.list(words.ja.day(Number(headers.get("Kept-At"))))}</p></div></li>`;
  }
  const text = (await answer.text()).replace("</main>", () => (list && `<ul class="list mt-24" id="kept">${list}</ul>`) + "</main>");
  return new Response(text, { status: 503, headers: answer.headers });
}
