// Lets places of a picture be painted over by drawing on it. Without it they are typed as numbers; what counts are the numbers.

const form = document.querySelector("[data-redact]");
const figure = form?.querySelector("[data-redact-picture]");
const drawn = form?.querySelector("[data-redact-boxes]");
const rows = () => [...form.querySelectorAll("[data-redact-row]")];
const fields = (row) => [...row.querySelectorAll("input")];

const narrow = (text) => text.normalize("NFKC").replace("%", "").trim();
const filled = (row) => fields(row).some((field) => field.value.trim() !== "");

function rectangle([left, top, width, height]) {
  const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ x: left, y: top, width, height })) rect.setAttribute(name, `${value}%`);
  return rect;
}

function paint(draft) {
  const boxes = rows().map((row) => fields(row).map((field) => narrow(field.value)));
  const whole = boxes.filter((box) => box.every((part) => part !== "" && Number(part) >= 0 && Number(part) <= 100));
  drawn.replaceChildren(...[...whole, ...(draft ? [draft] : [])].map(rectangle));
}

// An empty row, made from the last one where all are filled; none beyond twelve.
function emptyRow() {
  const free = rows().find((row) => !filled(row));
  if (free || rows().length >= 12) return free;
  const last = rows().at(-1);
  const row = last.cloneNode(true);
  const number = rows().length + 1;
  row.querySelector("legend").textContent = row.querySelector("legend").textContent.replace(/\d+/, number);
  for (const part of row.querySelectorAll("[id], [for], [name]")) {
    for (const name of ["id", "for", "name"]) {
      if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace(/^box\d+/, `box${number}`));
    }
  }
  for (const field of fields(row)) field.value = "";
  last.after(row);
  return row;
}

function place(event) {
  const { left, top, width, height } = figure.getBoundingClientRect();
  const inside = (part, side) => Math.min(100, Math.max(0, (part / side) * 100));
  return [inside(event.clientX - left, width), inside(event.clientY - top, height)];
}

// Rounded outwards, so that nothing at the edge is left over.
function between([fromX, fromY], [toX, toY]) {
  const down = (value) => Math.floor(value * 10) / 10;
  const up = (value) => Math.min(100, Math.ceil(value * 10) / 10);
  const left = down(Math.min(fromX, toX));
  const top = down(Math.min(fromY, toY));
  const size = (end, start) => Math.round((up(end) - start) * 10) / 10;
  return [left, top, size(Math.max(fromX, toX), left), size(Math.max(fromY, toY), top)];
}

if (form) {
  let from;
  form.querySelector("[data-redact-hint]").hidden = false;
  form.addEventListener("input", () => paint());
  figure.addEventListener("pointerdown", (event) => {
    from = place(event);
    figure.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  figure.addEventListener("pointermove", (event) => from && paint(between(from, place(event))));
  figure.addEventListener("pointercancel", () => { from = undefined; paint(); });
  figure.addEventListener("pointerup", (event) => {
    const box = between(from, place(event));
    from = undefined;
    const row = box[2] >= 1 && box[3] >= 1 && emptyRow();
    if (row) fields(row).forEach((field, i) => { field.value = box[i]; });
    paint();
  });
  paint();
}
