/* Keys on the projector: a button or summary says in data-key which keys press it. Clickers send PageUp and PageDown.
   None where a text is typed; Space and Enter stay with the button that has the focus; all can be switched off. */

const KEEP = "projector-keys";
const box = document.querySelector("[data-keys-on]");
const full = document.querySelector("[data-fullscreen]");

const remembered = () => {
  try {
    return localStorage.getItem(KEEP) !== "off";
  } catch {
    return true; // a browser that keeps nothing
  }
};
box.checked = remembered();
box.addEventListener("change", () => {
  try {
    localStorage.setItem(KEEP, box.checked ? "on" : "off");
  } catch { /* it holds until the page is loaded anew */ }
});

document.addEventListener("keydown", (event) => {
  if (!box.checked || event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
  const { target } = event;
  if (target.matches("select, textarea, [contenteditable], input:not([type=checkbox])")) return;
  const name = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (name === "Space" && target.closest("button, a, summary, input")) return;
  const found = [...document.querySelectorAll("[data-key]")].find((each) => each.dataset.key.split(" ").includes(name));
  if (!found) return;
  event.preventDefault();
  found.click();
});

if (document.documentElement.requestFullscreen) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}
