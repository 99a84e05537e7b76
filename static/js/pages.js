// Reading a document: what is shown of a page, where in the document one is, copying.
import { onChange } from "./changes.js";
import { lead } from "./places.js";
import { keep, recall } from "./store.js";

export function readPages() {
  const reader = document.getElementById("document");
  if (!reader) return;
  for (const group of reader.querySelectorAll("[data-choose]")) offerChoice(reader, group);
  reader.addEventListener("click", chooseRail);
  reader.addEventListener("click", copy);
  followReader(reader);
  onChange(() => refresh(reader));
}

export function toggleSource() {
  const reader = document.getElementById("document");
  const other = reader?.dataset.view === "source" ? "rendered" : "source";
  reader?.querySelector(`[data-choose="view"] [data-value="${other}"]`)?.click();
}

export function step(by) {
  const pages = [...document.querySelectorAll(".page[id]")];
  if (!pages.length) return;
  const edge = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 4;
  const passed = Math.max(1, pages.filter((page) => page.getBoundingClientRect().top < edge).length);
  const here = pages[passed - 1]?.getBoundingClientRect().top ?? 0;
  const back = by < 0 && here < edge - 60 ? 1 : by; // the middle of a page goes back to its beginning first
  const index = back === by ? passed - 1 + by : passed - 1;
  lead(pages[Math.min(Math.max(index, 0), pages.length - 1)].id);
}

// The rail is replaced when the pages are laid out, so its choice is not kept by the elements.
function chooseRail(event) {
  const option = event.target.closest(".rail-choice button");
  if (!option) return;
  document.getElementById("document").dataset.rail = option.value;
  for (const each of option.parentElement.children) each.setAttribute("aria-pressed", each === option);
}

export function offerChoice(reader, group) {
  const name = group.dataset.choose;
  group.hidden = false;
  const choose = (value) => {
    reader.dataset[name] = value;
    for (const option of group.children) {
      const chosen = valueOf(option) === value;
      option.tagName === "A" ? mark(option, chosen) : option.setAttribute("aria-pressed", chosen);
    }
  };
  group.addEventListener("click", (event) => {
    const option = event.target.closest("button, a");
    if (!option || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    choose(valueOf(option));
    keep(name, valueOf(option));
  });
  const asked = new URLSearchParams(location.search).get(name);
  const first = asked ?? recall(name) ?? (name === "side" && matchMedia("(max-width: 480px)").matches ? "result" : null);
  if (first && [...group.children].some((option) => valueOf(option) === first)) choose(first);
}

function valueOf(option) {
  return option.dataset.value ?? option.value;
}

function mark(link, current) {
  current ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
}

function copy(event) {
  const formula = event.target.closest("math[data-latex]");
  if (formula && navigator.clipboard && getSelection().isCollapsed) copyFormula(formula);
}

async function copyFormula(formula) {
  await navigator.clipboard.writeText(formula.dataset.latex);
  formula.classList.add("copied");
  document.getElementById("announcement").textContent = document.getElementById("document").dataset.textCopied;
  setTimeout(() => formula.classList.remove("copied"), 900);
}

let sight;
const seen = new WeakSet();

function followReader(reader) {
  sight = new IntersectionObserver((entries) => {
    for (const entry of entries) entry.target.toggleAttribute("data-in-sight", entry.isIntersecting);
    const page = reader.querySelector(".page[data-in-sight]");
    if (page) markThumb(page.id);
  }, { rootMargin: "-30% 0px -55% 0px" });
  refresh(reader);
}

function refresh(reader) {
  for (const page of reader.querySelectorAll(".page[id]")) {
    if (seen.has(page)) continue;
    seen.add(page);
    sight.observe(page);
  }
}

function markThumb(pageId) {
  const current = document.querySelector(".rail a[aria-current]");
  const next = document.querySelector(`.rail a[href="#${pageId}"]`);
  if (!next || current === next) return;
  current?.removeAttribute("aria-current");
  next.setAttribute("aria-current", "true");
  const rail = document.getElementById("rail");
  const [box, item] = [rail.getBoundingClientRect(), next.getBoundingClientRect()];
  if (item.top < box.top || item.bottom > box.bottom) rail.scrollTop += item.top - box.top - box.height / 2;
}
