// Places an answer with one press on the form. Without it a place is chosen and a button is pressed.

for (const form of document.querySelectorAll("form[data-place]")) {
  let keys = false; // arrows move the choice about and must not send it
  form.addEventListener("keydown", () => { keys = true; });
  form.addEventListener("pointerdown", () => { keys = false; });
  form.addEventListener("change", (event) => {
    if (event.target.name === "at" && !keys) form.requestSubmit();
  });
}
