// Before a file is read: pages are ticked, with Shift many at once; a picture is turned and cut with the pointer.
// The form's own fields hold what was chosen, so that everything works without this script too.

import { cutWithPointer } from "./framing.js";

const form = document.getElementById("prepare"); // presets replace its fields
const list = document.getElementById("pick-pages");

function pickPages() {
  const boxes = [...list.querySelectorAll("input")];
  let last = null;
  let shift = false; // a click on a picture reaches its box without the keys that were held
  list.addEventListener("pointerdown", (event) => (shift = event.shiftKey));
  list.addEventListener("keydown", (event) => (shift = event.shiftKey));
  list.addEventListener("click", (event) => {
    const box = event.target.closest("input");
    if (!box) return;
    if (shift && last) {
      const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b);
      for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    form.elements.page_ranges.value = written(boxes.filter((each) => each.checked).map((each) => Number(each.value)));
  });
  form.addEventListener("input", (event) => event.target.name === "page_ranges" && tick());
  tick();

  function tick() {
    const wanted = parsed(form.elements.page_ranges.value, Number(list.dataset.count));
    for (const box of boxes) box.checked = wanted.has(Number(box.value));
  }
}

function written(numbers) {
  const runs = [];
  for (const number of numbers) {
    const run = runs.at(-1);
    if (run?.at(-1) === number - 1) run[1] = number;
    else runs.push([number]);
  }
  return runs.map((run) => run.join("-")).join(",");
}

// As the server reads them: "2,4-6", "5-", "-1"; what makes no sense ticks nothing.
function parsed(text, count) {
  const wanted = new Set();
  for (const item of text.split(",")) {
    const found = /^\s*(-?\d+)\s*(?:(-)\s*(-?\d+)?)?\s*$/.exec(item);
    if (!found) continue;
    const place = (number) => (number > 0 ? number : count + 1 + number);
    const first = place(Number(found[1]));
    const end = found[2] ? place(Number(found[3] ?? -1)) : first;
    for (let number = Math.max(first, 1); number <= Math.min(end, count); number++) wanted.add(number);
  }
  return wanted;
}

if (list) pickPages();
cutWithPointer();
