// The editor of a page: line numbers, a preview while one types, drafts that are kept by themselves, Ctrl+S.

import { offerChoice } from "./pages.js";

const PREVIEW_AFTER = 350; // ms without a key
const KEEP_AFTER = 1200;
const AGAIN_AFTER = 5000;

export function edit() {
  const form = document.getElementById("editor");
  if (!form) return;
  const area = form.elements.mmd;
  const state = document.getElementById("draft-state");
  let kept = area.defaultValue; // people are quicker than scripts: they may have typed already
  let previewing = 0;
  let keeping = 0;
  let asked = null;
  let leaving = false;
  const beside = form.querySelector("[data-choose]");
  if (beside) offerChoice(form, beside);

  const body = () => new URLSearchParams(new FormData(form));
  const send = (url, more) => fetch(url, { method: "POST", body: body(), headers: { "HX-Request": "true" }, ...more });

  async function preview() {
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await send(form.dataset.preview, { signal: asked.signal });
      if (answer.ok && !answer.redirected) document.getElementById("preview").innerHTML = await answer.text();
    } catch {
      // a newer one is under way, or there is no network: the next key asks again
    }
  }

  async function keep() {
    const text = area.value;
    if (text === kept || leaving) return;
    try {
      const answer = await send(form.dataset.draft);
      if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
      kept = text;
      say((await answer.json()).said, false);
    } catch {
      say(form.dataset.unkept, true);
      clearTimeout(keeping);
      keeping = setTimeout(keep, AGAIN_AFTER);
    }
  }

  function say(words, failed) {
    state.textContent = words;
    state.classList.toggle("failed", failed);
  }

  area.addEventListener("input", () => {
    say(form.dataset.unsaved, false);
    clearTimeout(previewing);
    clearTimeout(keeping);
    previewing = setTimeout(preview, PREVIEW_AFTER);
    keeping = setTimeout(keep, KEEP_AFTER);
  });
  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(keeping);
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && area.value !== kept) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".button.primary"));
    }
  });
  numberLines(area, form.querySelector(".line-numbers"));
  if (area.value !== kept) area.dispatchEvent(new Event("input"));
}

// Long lines wrap, so a number stands where its line begins: a twin of the text, set alike, tells the heights.
function numberLines(area, column) {
  const twin = Object.assign(document.createElement("div"), { ariaHidden: "true" });
  const { font, lineHeight } = getComputedStyle(area);
  Object.assign(twin.style, { position: "absolute", visibility: "hidden", font, lineHeight, whiteSpace: "pre-wrap", overflowWrap: "anywhere", tabSize: "2" });
  area.parentElement.append(twin);
  const draw = () => {
    const style = getComputedStyle(area);
    twin.style.width = `${area.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight)}px`;
    const height = parseFloat(style.lineHeight);
    const rows = area.value.split("\n");
    twin.replaceChildren(...rows.map((row) => Object.assign(document.createElement("div"), { textContent: row || " " })));
    const counts = [...twin.children].map((row) => Math.max(1, Math.round(row.offsetHeight / height)));
    column.textContent = counts.map((count, index) => `${index + 1}${"\n".repeat(count)}`).join("");
    twin.replaceChildren();
    follow();
  };
  const follow = () => (column.style.transform = `translateY(${-area.scrollTop}px)`);
  area.addEventListener("input", draw);
  area.addEventListener("scroll", follow, { passive: true });
  new ResizeObserver(draw).observe(area);
  draw();
}
