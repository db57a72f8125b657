/* Small conveniences; every page works without them. */

document.documentElement.classList.add("js");
const live = document.getElementById("live");

/* Focus: after htmx has swapped a part, its [data-focus] (a heading) takes the focus, which also reads it out, once.
   A page's own heading comes into view with all that stands above it in the part. A part without one is a refused form,
   or nothing to go to. */
document.addEventListener("htmx:load", ({ detail: { elt } }) => {
  if (elt === document.body) return;
  const heading = elt.matches("[data-focus]") ? elt : elt.querySelector("[data-focus]");
  if (!heading) return toFault(elt);
  (heading.matches("h1") ? elt : heading).scrollIntoView({ block: "start" });
  heading.focus({ preventScroll: true });
});

/* A refused form: its first field at fault comes into view and takes the focus, which also reads out what is wrong. */
const toFault = (part) => part.querySelector("[aria-invalid=true]")?.focus();
toFault(document);

const LONG = 700; // milliseconds after which sending counts as long

/* A file that is too large is told of before it is sent, so that nothing that was typed beside it is lost. */
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-largest]")) return;
  const isTooLarge = [...target.files].some((file) => file.size > Number(target.dataset.largest));
  target.setCustomValidity(isTooLarge ? target.dataset.tooLarge : "");
  target.reportValidity();
});

/* Sending twice: a form that is on its way is not sent again. */
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  const key = form.querySelector("button[type=button][data-key]");
  if (key) {
    event.preventDefault();
    event.stopImmediatePropagation();
    key.click();
    return;
  }
  const file = form.querySelector("[data-largest]");
  if (file && !file.reportValidity()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (Date.now() - (sent.get(form) ?? -Infinity) < 8000) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  sent.set(form, Date.now());
  form.setAttribute("aria-busy", "true");
  setTimeout(() => working(form), LONG);
}, true);
const released = (form) => {
  sent.delete(form);
  form.removeAttribute("aria-busy");
  form.querySelector(":scope > .working")?.remove();
  quiet(live.dataset.working);
};

/* Take words out of the live region, unless others stand there by now. */
function quiet(words) {
  if (live.textContent === words) live.textContent = "";
}

/* Long work: a form that is still on its way, such as a file that is read in, says so and shows that something moves. */
function working(form) {
  if (!form.isConnected || !form.hasAttribute("aria-busy") || form.querySelector(":scope > .working")) return;
  const part = Object.assign(document.createElement("div"), { className: "working" });
  const words = Object.assign(document.createElement("p"), { textContent: live.dataset.working });
  const bar = Object.assign(document.createElement("progress"), { className: "meter", ariaLabel: live.dataset.working });
  part.append(words, bar);
  form.append(part);
  live.textContent = live.dataset.working;
  setTimeout(() => quiet(live.dataset.working), 4000);
}
document.addEventListener("htmx:afterRequest", ({ detail: { elt } }) => elt.matches("form") && released(elt));
addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(released));

/* Not sent: htmx changes nothing then, so the form stands as it was. Said below its buttons and, once, in the live region.
   A script that takes care of the form itself (keeps the answer and sends it later) prevents the event's default before
   the event has come up here: then nothing is said. */
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"])
  document.addEventListener(name, (event) => {
    const { elt, xhr } = event.detail;
    const form = elt.closest("form");
    if (!form || event.defaultPrevented) return;
    notSent(form, live.dataset[xhr.status >= 500 ? "failed" : xhr.status ? "refused" : "offline"]);
  });
document.addEventListener("htmx:beforeRequest", ({ detail: { elt } }) => {
  const said = elt.closest("form")?.querySelector(".not-sent");
  if (!said) return;
  said.remove();
  live.textContent = "";
});

function notSent(form, words) {
  const message = Object.assign(document.createElement("p"), { className: "message message-error not-sent", textContent: words });
  form.append(message);
  message.scrollIntoView({ block: "nearest" });
  live.textContent = words;
}

/* Passkeys and security keys: [data-key] is the button on which allauth's scripts ask the browser for one. What they cannot
   get they report as an event, and say nothing: it is said here below the button. Enter in the form does what the button does. */
document.addEventListener("allauth.error", (event) => {
  const button = document.querySelector("[data-key]");
  if (!button) return;
  event.preventDefault();
  forgetKeys();
  const { refused, known = refused } = button.dataset;
  const words = event.detail.exception.name === "InvalidStateError" ? known : refused;
  const message = Object.assign(document.createElement("p"), { className: "message message-error not-sent", textContent: words });
  button.parentElement.after(message);
  message.scrollIntoView({ block: "nearest" });
  live.textContent = words;
});
document.addEventListener("click", ({ target }) => target.closest("[data-key]") && forgetKeys(), true);
const forgetKeys = () => {
  document.querySelector(".not-sent")?.remove();
  live.textContent = "";
};

/* Coming back: the browser fills a form as it was left. Only for whom it was left: on a shared device the same address may
   be the next student's by now. [data-owner] names whose form it is; the history entry remembers whose it was. */
addEventListener("pageshow", async ({ persisted }) => {
  const form = document.querySelector("form[data-owner]");
  if (!form) return;
  const { owner } = form.dataset;
  if (persisted && owner !== await ownerNow().catch(() => owner)) return location.reload();
  if ((history.state?.owner ?? owner) !== owner) form.reset();
  history.replaceState({ ...history.state, owner }, "");
});

async function ownerNow() {
  const page = await fetch(location.href).then((response) => response.text());
  return new DOMParser().parseFromString(page, "text/html").querySelector("form[data-owner]")?.dataset.owner;
}

/* Copying: [data-copy]. Plain http has no clipboard; then the older way, and where that fails too, the text is selected. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const copied = await copy(button.dataset.copy, button);
  const words = copied ? live.dataset.copied : live.dataset.selected;
  live.textContent = words;
  button.dataset.done = words;
  setTimeout(() => {
    delete button.dataset.done;
    live.textContent = "";
  }, 4000);
});

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const shown = [...button.parentElement.querySelectorAll("code, output")].find((each) => each.textContent.trim() === text);
    const field = shown ?? Object.assign(document.createElement("span"), { textContent: text });
    if (!shown) button.before(field);
    getSelection().selectAllChildren(field);
    const copied = document.execCommand("copy");
    if (copied) getSelection().removeAllRanges();
    if (copied && !shown) field.remove();
    return copied;
  }
}

/* A file to download: the browser is silent until the first byte comes. */
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[download]");
  if (!link) return;
  link.dataset.done = live.textContent = live.dataset.file;
  setTimeout(() => {
    delete link.dataset.done;
    quiet(live.dataset.file);
  }, 4000);
});

/* Printing: [data-print]. */
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());
