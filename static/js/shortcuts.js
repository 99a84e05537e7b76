// One-letter shortcuts, outside of fields and only without Ctrl, Alt or Meta.
import { nextDoubtful, toggleConfidence } from "./lines.js";
import { step, toggleSource } from "./pages.js";
import { moveSplit } from "./split.js";
import { chooseFiles } from "./upload.js";

const ACTIONS = {
  "/": () => document.getElementById("q")?.focus(),
  u: chooseFiles,
  d: () => document.querySelector("[data-draw]")?.click(),
  j: () => step(1),
  k: () => step(-1),
  s: toggleSource,
  c: toggleConfidence,
  n: nextDoubtful,
  f: find,
  e: () => document.querySelector(".page[data-in-sight] [data-edit], .page [data-edit]")?.click(),
  l: () => document.querySelector('.page[data-in-sight] .box[tabindex="0"], .box[tabindex="0"]')?.focus(),
  g: () => document.querySelector("a.brand")?.click(),
  "[": () => moveSplit(-1),
  "]": () => moveSplit(1),
  "?": showList,
};

export function listen() {
  document.addEventListener("keydown", (event) => {
    const action = ACTIONS[event.key];
    if (!action || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    event.preventDefault();
    action();
  });
  const button = document.querySelector("[data-shortcuts]");
  if (button) {
    button.hidden = false;
    button.addEventListener("click", showList);
  }
}

function find() {
  const menu = document.getElementById("find");
  if (!menu) return;
  menu.open = true;
  document.getElementById("words").focus();
}

function showList() {
  const list = document.getElementById("shortcuts");
  if (!list.open) list.showModal();
}

function typing(target) {
  return target.closest?.("input, select, textarea, [contenteditable], dialog[open]") !== null;
}
