// Lines on the picture of a page and their text in the result lead to each other, by mouse and by keys; and from
// one doubtful line the reader goes to the next, on whatever page it is.

import { onChange } from "./changes.js";
import { openCopies } from "./formulas.js";
import { boxAt, light, lit, placeOf, sheets } from "./lighting.js";
import { lead } from "./places.js";
import { placesOf } from "./reading_text.js";
import { keep, recall } from "./store.js";

let wanted = null; // the line to go to as soon as its page is there

export function linkLines() {
  const reader = document.getElementById("document");
  if (!reader || !document.getElementById("announcement")) return;
  const sight = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting) attach(entry.target);
  }, { rootMargin: "50% 0px" });
  const observe = () => {
    for (const page of reader.querySelectorAll(".page:has(.rendered)")) if (!page.querySelector(".boxes")) sight.observe(page);
    forgetGone();
  };
  observe();
  onChange(observe);
  offerConfidence(reader);
  listenTo(reader);
}

async function attach(page) {
  const original = page.querySelector(".original[data-lines]");
  if (!original || page.dataset.lined) return;
  page.dataset.lined = "coming";
  const answer = await fetch(original.dataset.lines, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return delete page.dataset.lined;
  original.insertAdjacentHTML("beforeend", await answer.text());
  const boxes = [...original.querySelectorAll(".box")];
  boxes.forEach((box, index) => box.setAttribute("tabindex", index ? "-1" : "0"));
  const lines = boxes.map((box) => ({ id: box.dataset.line, text: box.dataset.text, type: box.dataset.type, output: "output" in box.dataset }));
  sheets.set(page, { boxes, places: placesOf(page.querySelector(".rendered"), lines) });
  page.dataset.lined = "yes";
  colour();
  arrive();
  page.dispatchEvent(new CustomEvent("lines:ready", { bubbles: true }));
}

function forgetGone() {
  for (const page of sheets.keys()) if (!page.isConnected) sheets.delete(page);
}

function listenTo(reader) {
  let frame = 0;
  reader.addEventListener("pointermove", (event) => {
    if (event.pointerType !== "mouse" || reader.querySelector(".box:focus-visible")) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => light(event.target.closest?.(".box") ?? boxAt(event)));
  });
  reader.addEventListener("click", (event) => {
    const box = event.target.closest(".box");
    if (box) {
      event.preventDefault();
      choose(box);
    } else if (getSelection().isCollapsed) {
      const found = boxAt(event);
      if (found) light(lit === found ? null : lit), light(found, "box");
    }
  });
  reader.addEventListener("focusin", (event) => {
    const box = event.target.closest?.(".box");
    if (box) light(null), light(box, "text");
  });
  reader.addEventListener("keydown", (event) => {
    const box = event.target.closest?.(".box");
    if (box) move(box, event);
  });
}

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity };

function move(box, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const { boxes } = sheets.get(box.closest(".page"));
  if (event.key in STEPS) {
    event.preventDefault();
    const index = Math.min(Math.max(boxes.indexOf(box) + STEPS[event.key], 0), boxes.length - 1);
    choose(boxes[index]);
  } else if (event.key === "Enter") {
    event.preventDefault();
    copy(box);
  } else if (event.key === "m") {
    const element = placeOf(box)?.elements[0];
    if (element) openCopies(element, box);
  } else if (event.key === "Escape") {
    box.blur();
    light(null);
  }
}

function choose(box) {
  for (const other of sheets.get(box.closest(".page")).boxes) other.setAttribute("tabindex", other === box ? "0" : "-1");
  box.focus();
  box.scrollIntoView({ block: "nearest" });
}

async function copy(box) {
  await navigator.clipboard?.writeText(box.dataset.text);
  box.classList.add("copied");
  say(document.getElementById("document").dataset.lineCopied);
  setTimeout(() => box.classList.remove("copied"), 900);
}

export function say(words) {
  document.getElementById("announcement").textContent = words;
}

// Confidence as a colour behind the text and on the picture.

function offerConfidence(reader) {
  const button = reader.querySelector("[data-confidence-toggle]");
  if (!button) return;
  button.hidden = false;
  button.addEventListener("click", toggleConfidence);
  if (recall("confidence") === "yes") toggleConfidence();
  reader.querySelector("[data-next-doubtful]").addEventListener("click", (event) => {
    event.preventDefault();
    nextDoubtful();
  });
}

export function toggleConfidence() {
  const reader = document.getElementById("document");
  const button = reader?.querySelector("[data-confidence-toggle]");
  if (!button) return;
  const on = reader.toggleAttribute("data-confidence");
  button.setAttribute("aria-pressed", on);
  keep("confidence", on ? "yes" : "no");
  colour();
}

function colour() {
  const on = document.getElementById("document").hasAttribute("data-confidence");
  for (const level of ["unsure", "doubtful"]) {
    const highlight = new Highlight();
    for (const { boxes, places } of on ? sheets.values() : []) {
      for (const box of boxes) if (box.classList.contains(level)) for (const range of places.get(box.dataset.line)?.ranges ?? []) highlight.add(range);
    }
    CSS.highlights?.set(level, highlight);
  }
}

export async function nextDoubtful() {
  const link = document.querySelector("#document [data-next-doubtful]");
  if (!link) return;
  const from = lit?.isConnected ? { page: lit.closest(".page").id.slice(5), line: lit.dataset.line } : { page: pageInSight(), line: 0 };
  const answer = await fetch(`${link.href}?${new URLSearchParams(from)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return;
  const found = await answer.json();
  link.closest("details").open = false;
  if (!found.page) return say(found.none), note(found.none);
  wanted = { id: `page-${found.page}`, line: String(found.line) };
  lead(wanted.id);
  arrive();
}

function pageInSight() {
  return document.querySelector(".page[data-in-sight]")?.id.slice(5) ?? "1";
}

function arrive() {
  const page = wanted && document.getElementById(wanted.id);
  const box = sheets.get(page)?.boxes.find((each) => each.dataset.line === wanted.line);
  if (!box) return;
  wanted = null;
  lead(null);
  choose(box);
  light(null);
  light(box, "text");
}

function note(words) {
  const shown = Object.assign(document.createElement("p"), { className: "note", textContent: words });
  document.getElementById("notes").append(shown);
  setTimeout(() => shown.remove(), 4000);
}
