// Counts an answer against the limit of its form while somebody types, by the rules written down in package limit, and shows what is left.
// Without it the same count is made when the page is saved.

const half = (c) => (c >= 0x20 && c <= 0x7e) || (c >= 0xff61 && c <= 0xff9f);
const spaces = /[\u0020\u0009\u00a0\u3000\u2000-\u200a\u202f\u205f]/gu;

const plain = (text) => text.replace(/\r\n?/g, "\n").toWellFormed().normalize("NFC");

function rows(text, cols) {
  text = text.replace(/\n+$/, "");
  if (text === "") return 0;
  let n = 1;
  let at = 0;
  for (const character of text) {
    if (character === "\n") {
      n += 1;
      at = 0;
      continue;
    }
    const width = half(character.codePointAt(0)) ? 1 : 2;
    if (at + width > 2 * cols) {
      n += 1;
      at = 0;
    }
    at += width;
  }
  return n;
}

function used(limit, text) {
  if (limit.kind === "frame") return rows(text, limit.cols);
  if (limit.kind === "pages") return Math.ceil(rows(text, limit.cols) / limit.page_rows);
  if (limit.no_spaces) text = text.replace(spaces, "");
  if (limit.no_breaks) text = text.replace(/\n/g, "");
  let n = 0;
  for (const character of text) {
    const full = limit.kind === "halfwidth" && character !== "\n" && !half(character.codePointAt(0));
    n += full ? 2 : 1;
  }
  return n;
}

// count measures a text; what comes back has the fields of limit.Count.
export function count(limit, text) {
  const n = used(limit, plain(text));
  let verdict = "fits";
  if (n > limit.max && (!limit.soft || n > limit.max + Math.floor(limit.max / 10))) verdict = "too_long";
  else if (n > limit.max) verdict = "over";
  else if (n < (limit.min ?? 0)) verdict = "too_short";
  return { used: n, left: limit.max - n, verdict };
}

// A field with data-limit has its words in data-left, data-over and data-short of the element that data-count names; # is the number.
for (const field of document.querySelectorAll("[data-limit]")) {
  const limit = JSON.parse(field.dataset.limit);
  const says = document.getElementById(field.dataset.count);
  const say = () => {
    const { used, left, verdict } = count(limit, field.value);
    let words = says.dataset.left.replace("#", left.toLocaleString("ja"));
    if (left < 0) words = says.dataset.over.replace("#", (-left).toLocaleString("ja"));
    if (verdict === "too_short") words = says.dataset.short.replace("#", ((limit.min ?? 0) - used).toLocaleString("ja"));
    says.textContent = words;
    says.dataset.verdict = verdict;
  };
  field.addEventListener("input", say);
  say();
}
