/* Live pages: a part marked [data-live] fetches itself anew when the server says that something has changed.

   The server's word comes by a stream of events; where that does not come through (a proxy keeps it back, a network cuts
   it), the page asks every two seconds instead, and tries the stream again later. Whatever goes wrong, the page fetches
   the part from its own address, which brings a new token, and begins again.

   data-version  what the part shows          data-stream  where the stream is
   data-page     the part's own address       data-poll    the same, 204 while nothing has changed
   data-keep     the form in the part: while it stays the same, what was typed stays, too
   data-face     what the part shows, in short; data-apart who is treated apart. What is new for everybody comes with the
                 event itself, as it is for somebody who has done nothing
   data-result   where one's own result is at a reveal
   data-saved    the answer that is saved: its page stays until the key comes      data-own  only one's own part will do
   data-counts   answers and students are counted here      data-lobby  names are shown here */

const SILENCE = 6000; // ms without a beat (the server's comes every 2 s) after which a line is dead
const FIRST = 4000; // ms in which a new stream has to say something
const POLL = 2000;
const ANSWERED = 4500; // ms after which a fetch is given up: of two beginnings one meets a network that is back within 3 s
const RETRY = 500; // ms between two tries while the network is away, and as much again by chance
const STREAM_AGAIN = 60000; // ms after which a page that asks tries the stream once more

const SWAP = { swapStyle: "outerHTML", settleDelay: 0 }; // at once: until it has settled, a form is sent without htmx

let source = null;
let heard = 0; // when the stream last said something
let silent = 0; // streams in a row that never said anything
let asking = 0; // since when the page asks instead
let fetching = null;
let latest = 0; // the version that the server spoke of last
let late = null; // the fetch that waits for its turn
let shows = 0; // how often the part was renewed here
let passed = false; // whether something that was fetched came too late to be shown
let giveUp = null; // ends the fetch that is on its way
let away = false;

const part = () => document.querySelector("[data-live]");
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/* Fetching the part */

async function renew(address) {
  fetching ??= exchange(address).finally(() => (fetching = null));
  return fetching;
}

/* Whether the server answered. What it sent is shown, unless the page has gone on meanwhile: a step taken here, an answer
   sent, or an event has then put something newer there. */
async function exchange(address) {
  const asked = part();
  const before = shows;
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
  const { student } = document.body.dataset;
  if (student) headers["X-Student"] = student; // on a shared device the cookie may be another student's by now
  const aborter = new AbortController();
  giveUp = () => aborter.abort();
  const timer = setTimeout(giveUp, ANSWERED);
  let response, text;
  try {
    response = await fetch(address, { headers, signal: aborter.signal });
    text = await response.text(); // the line can break here, too
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
  if (response.headers.get("HX-Redirect")) {
    location.assign(response.headers.get("HX-Redirect"));
    return true;
  }
  if (response.status === 204) return true;
  if (response.status === 404 && address === part()?.dataset.page) {
    location.reload(); // taken out of the class, or the class is gone: the page that says so
    return true;
  }
  if (!response.ok) return false;
  const fresh = parsed(text);
  if (fresh && asked && asked === part() && before === shows) show(fresh);
  else passed = true;
  return Boolean(fresh);
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html").querySelector("[data-live]");

function show(fresh) {
  const shown = part();
  shows += 1;
  if (shown.dataset.result) fresh.dataset.result ??= shown.dataset.result;
  const status = fresh.querySelector("#live-status");
  if (shown.dataset.keep && shown.dataset.keep === fresh.dataset.keep) {
    for (const name of ["version", "poll", "stream", "page", "face", "apart"]) shown.dataset[name] = fresh.dataset[name];
    if (status) htmx.swap("#live-status", status.outerHTML, SWAP);
  } else {
    htmx.swap(`#${shown.id}`, fresh.outerHTML, SWAP);
  }
  tell();
}

/* What the server says */

function hear(event) {
  heard = performance.now();
  silent = 0;
  const shown = part();
  const news = JSON.parse(event.data);
  if (shown.dataset.counts !== undefined) count(shown, news);
  latest = news.version;
  const isNew = String(news.version) !== shown.dataset.version;
  const arrived = shown.dataset.lobby !== undefined && String(news.seats) !== shown.dataset.seats;
  if ((isNew || arrived) && !onItsWay() && !suffices(shown, news)) {
    clearTimeout(late);
    late = setTimeout(catchUp, Math.random() * (news.spread ?? 0));
  }
}

/* An answer that is on its way brings the page with it: until then its form stays, so that nobody who has sent one reads
   that there was none. A form that was gone all the same tells nobody but itself of what came back. */
const onItsWay = () => part().querySelector("form.question.htmx-request");
const listened = new WeakSet();

document.addEventListener("htmx:beforeRequest", ({ detail: { elt: form } }) => {
  if (listened.has(form) || !form.matches("[data-live] form.question")) return;
  listened.add(form);
  form.addEventListener("htmx:beforeOnLoad", ({ detail: { xhr } }) => form.isConnected || xhr.status !== 200 || take(xhr.responseText));
  form.addEventListener("htmx:afterRequest", () => latest > Number(part().dataset.version) && catchUp());
});

/* The page as an answer has brought it, unless something newer stands there by now. */
function take(text) {
  const fresh = parsed(text);
  if (fresh && Number(fresh.dataset.version) >= Number(part().dataset.version)) show(fresh);
  else catchUp();
}
document.addEventListener("outbox:stored", ({ detail }) => take(detail));

/* Whether a student's page needs nothing beyond what came with the event. */
function suffices(shown, news) {
  const { face, apart, saved, own } = shown.dataset;
  if (face === undefined || own !== undefined || news.apart !== apart) return false;
  const stays = news.face === face || (saved && new RegExp(`^(read|answer|wait)\\.${saved}\\b`).test(news.face));
  const common = news.language === document.documentElement.lang && news.common;
  if (!stays && !common) return false;
  if (common) {
    const fresh = parsed(common);
    owned(fresh.querySelector("form.question"));
    const { keep } = shown.dataset;
    if (stays) fresh.dataset.keep = shown.dataset.keep = "stays";
    show(fresh);
    if (stays && keep) shown.dataset.keep = keep;
    else if (stays) delete shown.dataset.keep;
  }
  part().dataset.version = news.version;
  return stays || /^(lobby|read|answer|wait)/.test(news.face);
}

/* Whose answer it is, for a form that is everybody's: on a shared device another student's may be the cookie by now. */
function owned(form) {
  if (form) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "student", value: document.body.dataset.student }));
}

async function catchUp() {
  for (let tries = 0; tries < 3; tries += 1) {
    passed = false;
    if (!(await own())) return recover();
    if (!passed && String(latest) === part().dataset.version) return; // else it had changed under way
  }
}

/* The part as it is for this page alone; at a reveal, when all ask at once, from the door that is made for it. */
async function own() {
  const { face, page, poll, result, version } = part().dataset;
  if (face === undefined) return renew(poll);
  return (face.startsWith("key") && result && (await renew(`${result}&version=${version}`))) || renew(page);
}

function count(shown, { answered, seats }) {
  const put = (name, value) => shown.querySelectorAll(name).forEach((each) => (each.textContent = value));
  put("[data-answered]", answered);
  put("[data-seats-told]", seats);
}

/* What the reader has folded out stays so when the part is renewed; a name that goes with the passage is folded in with it. */
const unfolded = new Set();
document.addEventListener("toggle", ({ target: { id, open } }) => id && (open ? unfolded.add(id) : unfolded.delete(id)), true);
document.addEventListener("htmx:load", () => part()?.querySelectorAll("details[id]").forEach((each) => (each.open ||= unfolded.has(each.id))));

/* The line */

function open() {
  close();
  if (document.hidden || !part()) return;
  heard = performance.now();
  const opened = heard;
  source = new EventSource(part().dataset.stream);
  source.onmessage = hear;
  source.onerror = () => {
    if (heard === opened) silent += 1;
    close();
    recover();
  };
  const mine = source;
  const watch = setInterval(() => {
    if (source !== mine) return clearInterval(watch);
    const quiet = performance.now() - heard;
    if (quiet < (heard === opened ? FIRST : SILENCE)) return;
    clearInterval(watch);
    if (heard === opened) silent += 1;
    close();
    recover();
  }, 500);
}

function close() {
  source?.close();
  source = null;
}

let recovering = false;

/* After an error: the part is fetched from its own address until that works, then answers that wait go out, then the line. */
async function recover() {
  if (recovering || document.hidden) return;
  recovering = true;
  while (!(await renew(part().dataset.page))) {
    away = true;
    tell();
    await wait(RETRY + Math.random() * RETRY);
    if (document.hidden) break;
  }
  recovering = false;
  if (document.hidden) return;
  away = false;
  tell();
  document.dispatchEvent(new Event("outbox:send"));
  if (silent < 2) open();
  else ask();
}

let turn = 0;

/* Where no stream comes through. Who begins to ask anew relieves who did before. */
async function ask() {
  const mine = ++turn;
  asking ||= performance.now();
  await wait(POLL);
  if (mine !== turn || document.hidden || source || recovering) return;
  if (!(await renew(part().dataset.poll))) return recover();
  if (performance.now() - asking < STREAM_AGAIN) return ask();
  asking = silent = 0;
  open();
}

/* Steps: who clicks twice out of habit does not go on twice, though another button stands there by the second click. */
const STEPS = "[data-live] :is(.live-steps, .stage-bar)";
document.addEventListener("click", (event) => event.detail > 1 && event.target.closest(STEPS) && event.preventDefault(), true);

/* An answer that could not be sent waits in the outbox (outbox.js). */
const failed = ({ detail: { elt } }) => {
  if (!elt.matches("[data-live] form.question")) return;
  away = true;
  tell();
  recover();
};
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && failed(event));

function tell() {
  part()?.querySelectorAll("[data-offline]").forEach((each) => (each.hidden = !away));
}

/* Tabs in the back close their line: a browser has six for a server. */
document.addEventListener("visibilitychange", () => {
  if (document.hidden) close();
  else recover();
});
addEventListener("online", async () => {
  giveUp?.(); // it was begun without a network, and may wait for long
  await fetching;
  recover();
});
addEventListener("pageshow", ({ persisted }) => persisted && recover());
addEventListener("pagehide", close);

if (part()) open();
