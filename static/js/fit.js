// Wide formulas are set smaller until they fit, as long as they can still be read; beyond that they scroll.

import { onChange } from "./changes.js";

const SMALLEST = 0.72;
const sizes = new ResizeObserver((entries) => entries.forEach((entry) => refit(entry.target, entry.contentRect.width)));
const widths = new WeakMap();

export function fitFormulas() {
  if (!document.querySelector(".document")) return;
  observe();
  onChange(observe);
  document.fonts.ready.then(fitAll);
  // the font of formulas is fetched when the first formula comes, which then grows within the same sheet
  document.fonts.addEventListener("loadingdone", fitAll);
}

function fitAll() {
  document.querySelectorAll(".mmd.rendered").forEach(fit);
}

function observe() {
  for (const sheet of document.querySelectorAll(".mmd.rendered")) if (!widths.has(sheet)) watch(sheet);
}

function watch(sheet) {
  widths.set(sheet, 0);
  sizes.observe(sheet);
}

function refit(sheet, width) {
  if (!width || widths.get(sheet) === width) return;
  widths.set(sheet, width);
  fit(sheet);
}

function fit(sheet) {
  const blocks = [...sheet.querySelectorAll(".math-block")];
  const inline = [...sheet.querySelectorAll(".math-inline")];
  for (const block of blocks) block.style.fontSize = "";
  for (const formula of inline) formula.classList.remove("wide");
  const scales = blocks.map((block) => block.clientWidth / block.scrollWidth); // all read before any is written
  const wide = inline.filter((formula) => formula.offsetWidth > sheet.clientWidth);
  blocks.forEach((block, index) => {
    if (scales[index] < 1) block.style.fontSize = `${Math.max(SMALLEST, 0.99 * scales[index])}em`;
    block.toggleAttribute("data-wide", scales[index] < SMALLEST);
    if (scales[index] < SMALLEST) block.tabIndex = 0; // so that keys can scroll it
  });
  for (const formula of wide) formula.classList.add("wide");
}
