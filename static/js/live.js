// Keeps the page up to date: over the WebSocket of htmx's extension, and by asking again when there is none.
// The element with data-live says what it shows; the server answers with what it does not show yet.

const ASK_EVERY = 2500; // ms between questions while there is no connection
const FORBIDDEN = 4403; // close codes of the server
const GONE = 4404;
const SILENCE = 10000; // ms without a message after which a connection counts as dead

export function watch() {
  const element = document.querySelector("[data-live]");
  if (!element) return watchForRestart();
  const line = new Line(element);
  element.addEventListener("htmx:wsOpen", (event) => line.opened(event.detail.socketWrapper));
  element.addEventListener("htmx:wsClose", (event) => line.closed(event.detail.event.code));
  element.addEventListener("htmx:wsBeforeMessage", () => line.heard());
  element.addEventListener("htmx:wsAfterMessage", () => arrived(element));
  setInterval(() => line.check(), ASK_EVERY);
  addEventListener("online", () => line.check());
  document.addEventListener("visibilitychange", () => line.check());
}

// A finished document changes only when somebody has it read again, here or in another window.
function watchForRestart() {
  const element = document.querySelector("[data-changes]");
  if (!element) return;
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    const answer = await ask(element).catch(() => null);
    if (answer?.ok && !answer.redirected && !(await answer.text()).includes("data-finished")) location.reload();
  });
}

function ask(element) {
  return fetch(element.dataset.changes, {
    method: "POST",
    body: JSON.stringify(report(element)),
    headers: { ...JSON.parse(document.body.getAttribute("hx-headers")), "HX-Request": "true", "Content-Type": "application/json" },
  });
}

class Line {
  constructor(element) {
    this.element = element;
    this.socket = null;
    this.last = performance.now();
    this.asking = false;
  }

  opened(socket) {
    this.socket = socket;
    this.heard();
    socket.sendImmediately(JSON.stringify(report(this.element)));
  }

  closed(code) {
    this.socket = null;
    if (code === FORBIDDEN || code === GONE) location.reload(); // the page says why
  }

  heard() {
    this.last = performance.now();
  }

  check() {
    if (finished() || document.hidden) return;
    const silent = performance.now() - this.last > SILENCE;
    if (this.socket && !silent) return;
    if (this.socket) this.socket.reconnect();
    this.ask();
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      const answer = await ask(this.element);
      if (answer.ok && !answer.redirected) show(this.element, await answer.text());
      else if (answer.status === 404 || answer.status === 403) location.reload();
    } catch {
      // no network: the next round asks again
    } finally {
      this.asking = false;
    }
  }
}

function show(element, html) {
  if (!html.trim()) return;
  htmx.swap(element, html, { swapStyle: "none" });
  arrived(element);
}

function report(element) {
  const have = {};
  for (const item of element.querySelectorAll("[data-key]")) have[item.dataset.key] = Number(item.dataset.edition);
  return { have, since: since(element), folder: Number(element.dataset.folder) || null };
}

function since(element) {
  const stamps = [...element.querySelectorAll("[data-modified]")].map((row) => row.dataset.modified);
  return [element.dataset.since, ...stamps].filter(Boolean).sort().at(-1);
}

function finished() {
  return document.querySelector("#progress[data-finished]") !== null;
}

let done = false;

function arrived(element) {
  const progress = document.getElementById("progress");
  if (progress) document.title = `${progress.dataset.title} · MathpixWeb`;
  if (finished() && !done) {
    done = true;
    const detail = { name: progress.dataset.title, said: progress.innerText.replace(/\s+/g, " ") };
    document.dispatchEvent(new CustomEvent("document:finished", { detail }));
  }
  const announcement = document.getElementById("announcement");
  const words = [...element.querySelectorAll("[data-announce]")].map((part) => part.textContent).join(", ");
  if (announcement && announcement.textContent !== words) announcement.textContent = words;
  document.dispatchEvent(new CustomEvent("pages:changed"));
}
