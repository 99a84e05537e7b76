// The border between the original and the result is moved: by its gap with the pointer, by [ and ] with keys.

import { keep, recall } from "./store.js";

const LEAST = 25; // percent of either side
const STEP = 5;
let reader;

export function offerSplit() {
  reader = document.getElementById("document");
  if (!reader) return;
  const kept = Number(recall("split"));
  if (kept) set(kept);
  reader.addEventListener("pointerdown", drag);
  reader.addEventListener("dblclick", (event) => event.target.matches(".page-body") && set(50));
}

export function moveSplit(by) {
  if (reader) set((Number(recall("split")) || 50) + by * STEP);
}

function set(percent) {
  const share = Math.round(Math.min(Math.max(percent, LEAST), 100 - LEAST));
  reader.style.setProperty("--split", `${share}fr ${100 - share}fr`);
  keep("split", String(share));
  dispatchEvent(new Event("resize")); // the two sides scroll in step
}

function drag(event) {
  const row = event.target;
  if (event.button !== 0 || !row.matches?.(".page-body")) return;
  event.preventDefault();
  const box = row.getBoundingClientRect();
  row.setPointerCapture(event.pointerId);
  const move = (now) => set((100 * (now.clientX - box.left)) / box.width);
  const end = () => row.removeEventListener("pointermove", move);
  row.addEventListener("pointermove", move);
  row.addEventListener("pointerup", end, { once: true });
  row.addEventListener("pointercancel", end, { once: true });
}
