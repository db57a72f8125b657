/* Putting a list in order by dragging (templates/classroom/set_edit.html). Every item has buttons that do the same.
   [data-ordering] names the form to send; each item holds a hidden field of that form, so the fields' order is the order. */

let dragged = null; // the item that moves
let order = []; // the items as they stood, to put them back
let removed = -1; // the place of an item that is being removed

const list = () => document.querySelector("[data-ordering]");

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-grip]");
  if (!grip || event.button) return;
  event.preventDefault();
  dragged = grip.closest("li");
  order = [...list().children];
  dragged.classList.add("is-dragged");
  grip.setPointerCapture(event.pointerId);
});

/* The neighbours step aside; the item itself stays in the document, or the pointer would lose hold of it. */
document.addEventListener("pointermove", ({ clientY }) => {
  if (!dragged) return;
  const middle = (item) => item.getBoundingClientRect().top + item.offsetHeight / 2;
  for (let item; (item = dragged.previousElementSibling) && clientY < middle(item); ) dragged.after(item);
  for (let item; (item = dragged.nextElementSibling) && clientY > middle(item); ) dragged.before(item);
  if (clientY < 60) scrollBy(0, -12);
  if (clientY > innerHeight - 60) scrollBy(0, 12);
});

document.addEventListener("pointerup", () => drop(true));
document.addEventListener("pointercancel", () => drop(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && drop(false));

function drop(keep) {
  if (!dragged) return;
  const item = dragged;
  dragged = null;
  item.classList.remove("is-dragged");
  if (!keep) list().append(...order);
  else if (order.some((each, place) => each !== list().children[place])) document.getElementById(list().dataset.ordering).requestSubmit();
}

/* After a removal the focus goes to what took the place, not back to the top of the page. */
document.addEventListener("submit", (event) => {
  removed = event.target.matches("[data-removes]") ? [...list().children].indexOf(event.target.closest("li")) : -1;
});
document.addEventListener("htmx:afterSettle", () => {
  if (removed < 0) return;
  const items = list() ? [...list().children] : [];
  (items[Math.min(removed, items.length - 1)]?.querySelector("[data-removes] button") ?? document.getElementById("main")).focus();
  removed = -1;
});
