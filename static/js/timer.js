/* Counts the time of a passage down. What counts is the server's clock; this shows it. Ten seconds before the end it is said once. */

const live = document.getElementById("live");
let ticking = 0;

function start(root) {
  const timer = root.querySelector("[data-timer]");
  if (!timer || timer.dataset.end) return;
  clearInterval(ticking);
  const end = performance.now() + 1000 * Number(timer.dataset.timer);
  timer.dataset.end = "set";
  const tick = () => {
    if (!timer.isConnected) return clearInterval(ticking);
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const shown = timer.querySelector(".timer-seconds");
    if (shown) shown.textContent = left;
    if (left === 10 && live) live.textContent = timer.innerText;
    if (left > 0) return;
    clearInterval(ticking);
    timer.querySelector("[data-timer-words]").textContent = timer.dataset.over;
    timer.dataset.state = "over";
    if (live) live.textContent = timer.dataset.over;
  };
  if (Number(timer.dataset.timer) > 0) ticking = setInterval(tick, 250);
}

start(document);
document.addEventListener("htmx:load", ({ detail: { elt } }) => start(elt.parentElement ?? document));
