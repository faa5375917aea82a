// Comfort only: every page works without this file.
"use strict";

const english = document.documentElement.lang === "en";

// the page's own language: characters left, or too many
const left = (n) => (english ? `${n} ${n === 1 ? "character" : "characters"} left` : `あと${n}字書けます`);
const tooMany = (n) => (english ? `${n} ${n === 1 ? "character" : "characters"} too many` : `${n}字多すぎます`);
const yen = (n) => (english ? `= ¥${n.toLocaleString("en")}` : `＝${n.toLocaleString("ja-JP")}円`);

// A field with data-count says how many characters are left; the place is marked data-count-for.
function countCharacters(field) {
  const place = document.querySelector(`[data-count-for="${field.id}"]`);
  if (!place) return;
  const most = Number(field.dataset.count);
  const say = () => {
    const now = [...field.value.replace(/\r\n/g, "\n")].length;
    place.textContent = now > most ? tooMany(now - most) : left(most - now);
  };
  field.addEventListener("input", say);
  say();
}

// A field with data-yen repeats the amount with separators while it is typed, full-width digits included.
function previewYen(field) {
  const place = document.querySelector(`[data-yen-for="${field.id}"]`);
  if (!place) return;
  const say = () => {
    const digits = field.value.normalize("NFKC").replace(/[^0-9]/g, "");
    place.textContent = digits === "" || digits.length > 12 ? "" : yen(Number(digits));
  };
  field.addEventListener("input", say);
  say();
}

document.querySelectorAll("[data-count]").forEach(countCharacters);
document.querySelectorAll("[data-yen]").forEach(previewYen);

// Public pages name a script that keeps them for when the line drops. It begins once the page is there, and only where the line is private (https).
const worker = document.body.dataset.worker;
if (worker && "serviceWorker" in navigator) addEventListener("load", () => navigator.serviceWorker.register(worker).catch(() => {}));
