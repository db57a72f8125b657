/* Marking words in a passage: check boxes (see templates/components/passage_marking.html) that behave like a marker pen.
   Words are named w and sentences s, with a letter before them where a form has two passages.
   The check boxes are the truth: state is read from them and written back to them, nothing is kept beside the form.

   One mark (data-marking="single"):
     nothing marked   a word marks itself
     word outside     the mark grows to it
     word inside      the nearer end moves to it; an end word comes off; the only word clears the mark
   Several marks (data-marking="multiple"):
     unmarked word    is marked; neighbours are one mark
     marked word      comes off with all that follows it in its mark
     with Shift       the last mark grows to it
   The number of a sentence marks the whole sentence; again, and it is unmarked.

   Keys: one tab stop. Left and Right go by word and number, Up and Down by sentence, Home and End to the edges; Space marks;
   Shift with any of them draws the mark along; Escape clears. */

const passages = new WeakSet();

function enhance(passage) {
  if (passages.has(passage)) return;
  passages.add(passage);

  const single = passage.dataset.marking !== "multiple";
  const boxes = [...passage.querySelectorAll('input[name$="w"], input[name$="s"]')];
  const words = boxes.filter((box) => box.name.endsWith("w"));
  const numbers = boxes.filter((box) => box.name.endsWith("s"));
  if (!words.length) return;
  const indexOf = new Map(words.map((box, index) => [box, index]));
  const place = new Map(words.map((box, index) => [Number(box.value), index]));
  const ends = new Map(numbers.map((box) => [box, [place.get(Number(box.dataset.first)), place.get(Number(box.dataset.last))]]));
  const form = passage.closest("form") ?? document;
  const within = passage.parentElement;
  const status = within.querySelector("[data-marking-status]");
  const clear = within.querySelector("[data-clear]");
  let marked = new Set();
  let anchor = null; // where a mark that is being drawn began
  let kept = new Set(); // several marks: what a drawn mark leaves alone

  const range = (from, to) => {
    const [first, last] = from < to ? [from, to] : [to, from];
    return Array.from({ length: last - first + 1 }, (_, step) => first + step);
  };
  const sorted = () => [...marked].sort((one, other) => one - other);
  const runAt = (index) => {
    let [first, last] = [index, index];
    while (marked.has(first - 1)) first--;
    while (marked.has(last + 1)) last++;
    return [first, last];
  };
  const quote = () => {
    const runs = sorted().filter((index) => !marked.has(index - 1)).map(runAt);
    const text = ([first, last]) => {
      const reach = document.createRange();
      reach.setStartBefore(words[first].nextElementSibling);
      reach.setEndAfter(words[last].nextElementSibling);
      const part = reach.cloneContents();
      part.querySelectorAll(".sentence-unit").forEach((unit) => unit.remove());
      return part.textContent.trim().replace(/\s+/g, " ");
    };
    return runs.map(text).join(" … ");
  };

  function show() {
    words.forEach((box, index) => (box.checked = marked.has(index)));
    numbers.forEach((box) => (box.checked = range(...ends.get(box)).every((index) => marked.has(index))));
    passage.querySelectorAll(".gap").forEach((gap) => {
      const [before, after] = [gap.previousElementSibling, gap.nextElementSibling].map((label) => label?.control);
      gap.classList.toggle("is-marked", Boolean(before?.checked && after?.checked && indexOf.has(before) && indexOf.has(after)));
    });
    form.querySelectorAll("[data-needs-mark]").forEach((part) => (part.hidden = !marked.size));
    if (clear) clear.disabled = !marked.size;
  }

  function mark(indices, { quiet = false } = {}) {
    const before = sorted().join();
    marked = new Set(indices);
    show();
    if (!quiet && before === sorted().join()) return;
    if (status) {
      const { text, empty } = status.dataset;
      status.ariaLive = quiet ? "off" : "polite"; // what stood there before is shown, and not read out
      status.textContent = marked.size ? text.replace("{count}", marked.size).replace("{quote}", quote()) : empty;
    }
    if (quiet) return;
    passage.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function press(index, shift) {
    const all = sorted();
    const [first, last] = [all[0], all.at(-1)];
    if (single) {
      if (!all.length) mark([index]);
      else if (index < first) mark(range(index, last));
      else if (index > last) mark(range(first, index));
      else if (first === last) mark([]);
      else if (index === first) mark(range(first + 1, last));
      else if (index === last) mark(range(first, last - 1));
      else mark(index - first < last - index ? range(index, last) : range(first, index));
    } else if (shift && anchor !== null) {
      mark([...kept, ...range(anchor, index)]);
      return;
    } else if (marked.has(index)) {
      const off = new Set(range(index, runAt(index)[1]));
      mark(all.filter((each) => !off.has(each)));
    } else {
      mark([...all, index]);
    }
    begin(index);
  }

  function pressNumber(box) {
    const sentence = range(...ends.get(box));
    const whole = sentence.every((index) => marked.has(index));
    const outside = sorted().filter((index) => !sentence.includes(index));
    if (single) mark(whole && !outside.length ? [] : sentence);
    else mark(whole ? outside : [...outside, ...sentence]);
    anchor = null;
  }

  function begin(index) {
    if (!marked.has(index)) {
      anchor = null;
      return;
    }
    const [first, last] = runAt(index);
    anchor = index === first && index !== last ? last : index === last ? first : index;
    kept = single ? new Set() : new Set(sorted().filter((each) => each < first || each > last));
  }

  /* Drawing with Shift: from where the mark began to where the focus has gone. */
  function draw(from, to) {
    const target = indexOf.get(to) ?? ends.get(to)[boxes.indexOf(to) < boxes.indexOf(from) ? 0 : 1];
    if (anchor === null) {
      const start = indexOf.get(from) ?? ends.get(from)[boxes.indexOf(to) < boxes.indexOf(from) ? 1 : 0];
      if (marked.has(start)) begin(start);
      else {
        anchor = start;
        kept = single ? new Set() : new Set(marked);
      }
    }
    mark([...kept, ...range(anchor, target)]);
  }

  function focus(box) {
    boxes.forEach((each) => (each.tabIndex = each === box ? 0 : -1));
    box.focus();
  }

  function goal(key, box) {
    const at = boxes.indexOf(box);
    const rtl = getComputedStyle(passage).direction === "rtl";
    const near = indexOf.has(box) ? at : at + 1;
    switch (key) {
      case "ArrowRight": return boxes[at + (rtl ? -1 : 1)];
      case "ArrowLeft": return boxes[at - (rtl ? -1 : 1)];
      case "ArrowDown": return numbers.find((number) => boxes.indexOf(number) > at) ?? boxes.at(-1);
      case "ArrowUp": return numbers.findLast((number) => boxes.indexOf(number) < at && near) ?? boxes[0];
      case "Home": return boxes[0];
      case "End": return boxes.at(-1);
    }
  }

  let shifted = false;
  passage.addEventListener("click", (event) => (shifted = event.shiftKey), true);
  passage.addEventListener("change", (event) => {
    const box = event.target;
    if (!indexOf.has(box) && !ends.has(box)) return;
    event.stopPropagation(); // one change event a mark, sent when the boxes are as they should be
    boxes.forEach((each) => (each.tabIndex = each === box ? 0 : -1));
    if (indexOf.has(box)) press(indexOf.get(box), shifted);
    else pressNumber(box);
  });
  passage.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // no text selection
  passage.addEventListener("focusin", (event) => boxes.forEach((each) => (each.tabIndex = each === event.target ? 0 : -1)));
  passage.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const box = event.target;
    if (event.key === "Escape" && marked.size) {
      event.preventDefault();
      anchor = null;
      mark([]);
    } else if (event.key === "Enter" && boxes.includes(box)) {
      event.preventDefault(); // Enter in a passage marks; it does not send the form
      box.click();
    } else if (boxes.includes(box)) {
      let to = goal(event.key, box);
      if (!to) return;
      event.preventDefault();
      if (event.shiftKey) {
        if (event.key.endsWith("Left") || event.key.endsWith("Right")) {
          const step = boxes.indexOf(to) < boxes.indexOf(box) ? -1 : 1;
          while (to && !indexOf.has(to)) to = boxes[boxes.indexOf(to) + step];
          if (!to) return;
        }
        draw(box, to);
      } else anchor = null;
      focus(to);
    }
  });
  clear?.addEventListener("click", () => {
    anchor = null;
    const first = sorted()[0] ?? 0;
    mark([]);
    focus(words[first]);
  });

  /* What is checked now: a fresh page, one that came back with errors, or one that the browser remembers. */
  function restore() {
    const found = new Set(words.flatMap((box, index) => (box.checked ? [index] : [])));
    numbers.filter((box) => box.checked).forEach((box) => range(...ends.get(box)).forEach((index) => found.add(index)));
    const all = [...found].sort((one, other) => one - other);
    mark(single && all.length ? range(all[0], all.at(-1)) : all, { quiet: true });
  }
  restore();
  addEventListener("pageshow", restore);
  const first = words[sorted()[0]] ?? boxes[0];
  boxes.forEach((each) => (each.tabIndex = each === first ? 0 : -1));
}

const enhanceAll = (root) => root.querySelectorAll(".passage[data-marking]").forEach(enhance);
enhanceAll(document);
document.addEventListener("htmx:load", (event) => enhanceAll(event.detail.elt));
