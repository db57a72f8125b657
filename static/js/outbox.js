/* The outbox: an answer is written down on the device before it is sent, and struck out when the server has acknowledged it.
   What is left waits here, also while the tab is closed, and goes out when there is a network, or on the student's next visit.

   IndexedDB, which works over plain http, too. Entries are the student's whose page made them: on a shared device no other
   student's page looks at them, the server refuses an answer under another name, and leaving the class deletes them.
   The server stores an answer once, however often it is sent: the form's key (client_key) is the entry's. */

const { student } = document.body.dataset;
const home = document.body.dataset.home;
const box = document.getElementById("outbox");
const live = document.getElementById("live");
const KEPT = 14 * 24 * 3600 * 1000; // milliseconds after which nobody comes back for an entry
const SOONEST = 2000;
const LATEST = 30000;
const PATIENCE = 15000;

let wait = SOONEST;
let timer = 0;
let sending = null;

// The store

const opened = new Promise((resolve, reject) => {
  const request = indexedDB.open("literacy-game", 1);
  request.onupgradeneeded = () => request.result.createObjectStore("answers", { keyPath: "key" }).createIndex("student", "student");
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});
opened.catch(() => {}); // said when there is something to keep

/* Do something with the store; resolves with the request's result once that is on the disk.
   Entries: { key, student, url, body, since, waited }; "waited" if the page has said that it waits. */
async function store(mode, work) {
  const transaction = (await opened).transaction("answers", mode, { durability: "strict" });
  const request = work(transaction.objectStore("answers"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

const keep = (entry) => store("readwrite", (answers) => answers.put(entry));
const strike = (key) => store("readwrite", (answers) => answers.delete(key));
const waiting = () => store("readonly", (answers) => answers.index("student").getAll(student));

async function purge(meant) {
  const entries = await store("readonly", (answers) => answers.getAll());
  await Promise.all(entries.filter(meant).map(({ key }) => strike(key)));
}

// Pages that static/js/worker.js keeps: see there

const QUESTIONS = "questions-";

async function forget(meant) {
  if (!window.caches) return; // no secure context
  const names = (await caches.keys()).filter((name) => name.startsWith(QUESTIONS) && meant(name.slice(QUESTIONS.length)));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/* The page of an answered question: it would ask again. */
async function forgetPage(url) {
  if (window.caches) await (await caches.open(QUESTIONS + student)).delete(url);
}

// What htmx sends

const isAnswer = (elt) => elt.matches?.("form.question") && student;
const keyOf = (form) => `${form.elements.client_key.value}.${student}`; // in a live round the form's key is the class's
const isComplete = (form) => form.get("client_key") && (
  ["nothing", "pass", "choice", "label"].some((name) => form.get(name)) ||
  (form.has("flagged") && form.has("confidence")) ||
  [...form.keys()].some((name) => name.startsWith("label-")));

document.addEventListener("htmx:beforeRequest", ({ detail: { elt, requestConfig } }) => {
  if (!isAnswer(elt) || !isComplete(requestConfig.formData)) return;
  const form = new URLSearchParams(requestConfig.formData);
  form.delete("csrfmiddlewaretoken");
  const entry = { key: keyOf(elt), student, url: elt.getAttribute("action"), body: String(form), since: Date.now() };
  if (!elt.kept) listen(elt);
  elt.kept = keep(entry).then(() => entry);
  elt.kept.catch(() => {});
});

/* Asked of the form itself: a live round may have taken it off the page meanwhile, and then its events come nowhere else. */
function listen(form) {
  form.addEventListener("htmx:afterRequest", settle);
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) form.addEventListener(name, unsent);
}

/* Answered, stored or refused with a reason: the page shows it. Anything else waits. */
function settle({ currentTarget: form, detail: { xhr } }) {
  const key = keyOf(form);
  if (xhr.status === 422 || (xhr.status >= 200 && xhr.status < 400)) form.kept.then(() => strike(key)).catch(() => {});
  if (xhr.status >= 200 && xhr.status < 400) forgetPage(form.getAttribute("action")).catch(() => {});
}

function unsent(event) {
  const { currentTarget: form, detail: { xhr } } = event;
  event.preventDefault(); // we see to it: no other message
  form.kept.then((entry) => keep({ ...entry, waited: true })).then(() => {
    if (xhr.status) send(); // the server is there, perhaps with another token
    else later();
  }, () => say("lost"));
}

// Sending

/* Everything that waits, one after the other. */
function send() {
  clearTimeout(timer);
  sending ??= sendAll().catch(later).finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  for (const entry of await waiting()) {
    let outcome = await post(entry, tokenOf(document));
    if (outcome === "stale") {
      const page = await ownHome();
      outcome = page ? await post(entry, tokenOf(page)) : "away";
      if (outcome === "gone") say("refused");
    }
    if (outcome === "away") return; // this device is another student's by now: the answer waits for its owner
    if (outcome !== "stored" && outcome !== "gone") return later();
    await strike(entry.key);
    await forgetPage(entry.url).catch(() => {});
  }
  wait = SOONEST;
}

/* "stored": the server has it, or has said why not; "stale": perhaps another token or another student here;
   "gone": there is no such task any more; "later": no network, or the server is not well. */
async function post(entry, token) {
  const response = await fetch(entry.url, {
    method: "POST",
    body: entry.body,
    headers: { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true", "X-CSRFToken": token },
    signal: AbortSignal.timeout?.(PATIENCE),
  });
  if (response.status === 403 || response.status === 404 || response.headers.has("HX-Redirect"))
    return token === tokenOf(document) ? "stale" : "gone";
  if (response.status !== 422 && !response.ok) return "later";
  show(entry, await response.text(), response);
  return "stored";
}

/* The class page, if this device is still the student's. */
async function ownHome() {
  const response = await fetch(home, { signal: AbortSignal.timeout?.(PATIENCE) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.body.dataset.student === student ? page : null;
}

const tokenOf = (page) => JSON.parse(page.body.getAttribute("hx-headers"))["X-CSRFToken"];

function later() {
  say("waiting");
  clearTimeout(timer);
  timer = setTimeout(send, wait * (0.8 + 0.4 * Math.random())); // a class does not come back at one instant
  wait = Math.min(2 * wait, LATEST);
}

// What the page says

/* The server's own part of the page where the question is on it; a message elsewhere. */
function show(entry, part, response) {
  const question = document.querySelector("form.question");
  const round = document.querySelector("#exercise[data-live]")?.dataset.page;
  const told = (what) => entry.waited && say(what);
  if (response.redirected) told("refused");
  else if ((question && keyOf(question) === entry.key) || question?.getAttribute("action") === entry.url || (round && entry.url.startsWith(round))) {
    box.hidden = true;
    if (round && response.status !== 422) document.dispatchEvent(new CustomEvent("outbox:stored", { detail: part })); // to live.js
    else htmx.swap("#exercise", part, { swapStyle: "outerHTML" });
  } else if (new DOMParser().parseFromString(part, "text/html").querySelector("[data-late]")) say("late");
  else told(response.status === 422 ? "refused" : "sent");
}

function say(what) {
  const words = box.dataset[what];
  const place = document.querySelector("form.question .answer-buttons:last-of-type");
  if (place) place.after(box);
  else if (!box.isConnected) document.getElementById("main").prepend(box); // the form it stood in is gone
  box.querySelector("p").textContent = words;
  if (box.hidden || live.textContent !== words) live.textContent = words;
  box.hidden = false;
  box.scrollIntoView({ block: "nearest" });
}

// When

/* A live page notices first that the network is back. */
document.addEventListener("outbox:send", () => student && send());
if (student) {
  navigator.serviceWorker?.register(document.body.dataset.worker).catch(() => {});
  forget((owner) => owner !== student).catch(() => {});
  purge(({ since }) => since < Date.now() - KEPT).then(waiting).then((entries) => entries.length && send()).catch(() => {});
  for (const name of ["online", "pageshow"]) addEventListener(name, () => send());
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && send());
}

/* Leaving: what can still go out goes out, then nothing of this student stays here. Without a network nobody can leave. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-leaves]") || form.dataset.leaves === "now") return;
  event.preventDefault();
  form.dataset.leaves = "now";
  const there = await fetch(home, { method: "HEAD", signal: AbortSignal.timeout?.(PATIENCE) }).catch(() => null);
  if (there) {
    await send();
    await purge((entry) => entry.student === student).catch(() => {});
    await forget((owner) => owner === student).catch(() => {});
  }
  form.submit();
});
