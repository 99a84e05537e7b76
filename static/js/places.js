// Leads to a place and stays there while the pages above it fill in, until the reader moves on;
// and marks what was searched, which a hit's address names: words, or the LaTeX of a formula.

import { onChange } from "./changes.js";
import { boxOf, light } from "./lighting.js";

const LEAVING = ["wheel", "touchstart", "pointerdown", "keydown"];
const wanted = new URLSearchParams(location.search);
let goal = null; // the id of the page to stay at
let found = null;

export function leadToPlaces() {
  const pages = document.getElementById("pages");
  if (!pages) return;
  for (const kind of LEAVING) addEventListener(kind, () => (goal = null), { passive: true, capture: true });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#page-"]');
    if (link) lead(link.hash.slice(1));
  });
  new ResizeObserver(stay).observe(pages);
  document.addEventListener("lines:ready", (event) => lightFound(event.target));
  onChange(stay);
  addEventListener("hashchange", follow);
  follow();
}

function follow() {
  if (location.hash.startsWith("#page-")) lead(location.hash.slice(1));
}

export function lead(id) {
  goal = id;
  stay();
}

function stay() {
  const page = goal && document.getElementById(goal);
  if (!page) return;
  const place = `#${goal}` === location.hash ? mark(page) : null;
  if (place) place.scrollIntoView({ block: "center" });
  else page.scrollIntoView();
}

// The place on the picture of what a search has led to.
function lightFound(page) {
  if (!found?.isConnected || !page.contains(found)) return;
  const box = boxOf(page, found);
  if (box) light(box, "box");
}

function mark(page) {
  if (found?.isConnected) return found;
  const text = page.querySelector(".rendered");
  if (!text?.checkVisibility()) return null;
  found = wanted.has("formula") ? markFormula(text) : wanted.has("words") ? markWords(text) : null;
  return found;
}

function markFormula(text) {
  const formula = [...text.querySelectorAll("math[data-latex]")].find((math) => math.dataset.latex === wanted.get("formula"));
  formula?.classList.add("found");
  return formula ?? null;
}

function markWords(text) {
  const range = rangeOf(text, wanted.get("words"));
  if (range && CSS.highlights) CSS.highlights.set("found", new Highlight(range));
  return range?.startContainer.parentElement ?? null;
}

// Where the words stand, whatever the spaces between them and whatever elements they are in.
function rangeOf(text, words) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let string = "";
  const places = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest("math")) continue;
    for (const [at, character] of [...node.data.toLowerCase()].entries()) {
      if (/\s/.test(character)) continue;
      string += character;
      places.push([node, at]);
    }
  }
  const sought = words.toLowerCase().replace(/\s/g, "");
  const start = sought ? string.indexOf(sought) : -1;
  if (start < 0) return null;
  const [first, last] = [places[start], places[start + sought.length - 1]];
  const range = document.createRange();
  range.setStart(...first);
  range.setEnd(last[0], last[1] + 1);
  return range;
}
