/* Where the context is secure: the shell, and the question that a student has open, for when there is no network.

   The network comes first in everything. Of pages only unanswered questions are kept, which hold no key; the server says
   whose they are, and static/js/outbox.js clears them away on leaving and when the device is another student's. */

const SHELL = "shell";
const OFFLINE = "/offline/";
const QUESTIONS = "questions-";

addEventListener("install", (event) => event.waitUntil(caches.open(SHELL).then((shell) => shell.add(OFFLINE)).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (pathname.startsWith("/static/")) event.respondWith(part(request));
});

async function part(request) {
  try {
    const response = await fetch(request);
    if (response.ok) await keep(SHELL, request, response);
    return response;
  } catch (away) {
    return (await caches.match(request)) ?? Response.error();
  }
}

async function page(request) {
  try {
    const response = await fetch(request);
    const student = response.headers.get("X-Question-Of");
    if (student) {
      await caches.delete(QUESTIONS + student).catch(() => {}); // one at a time
      await keep(QUESTIONS + student, request, response);
    }
    return response;
  } catch (away) {
    return (await caches.match(request, { ignoreVary: true })) ?? (await caches.match(OFFLINE, { ignoreVary: true })) ?? Response.error();
  }
}

/* Nothing is kept where there is no room: the page comes all the same. */
const keep = async (name, request, response) => {
  const copy = response.clone();
  await caches.open(name).then((cache) => cache.put(request.url, copy)).catch(() => {});
};
