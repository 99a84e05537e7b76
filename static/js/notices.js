// Tells when a document is done: as a note on whatever page one is, in the title, and by the system where one has
// allowed it. Which documents are meant is kept for this tab, so that the next page goes on telling.

const ASK_EVERY = 3000; // ms
const KEPT = "underway";

let timer = 0;

export function tellWhenDone() {
  document.addEventListener("visibilitychange", () => document.hidden || plainTitle());
  document.addEventListener("document:finished", (event) => finished(event.detail));
  offerNotifications();
  const own = ownDocument();
  if (own) forget(own); // it is before one's eyes
  if (kept().length) look();
}

// The document with that address was sent in from here.
export function expect(address) {
  const id = /\/documents\/(\w+)$/.exec(address)?.[1];
  if (!id || id === ownDocument()) return;
  keepAll([...kept().filter((each) => each !== id), id]);
  clearTimeout(timer);
  timer = setTimeout(look, ASK_EVERY);
}

function ownDocument() {
  return /^\/documents\/(\w+)$/.exec(location.pathname)?.[1];
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function keepAll(ids) {
  try {
    sessionStorage.setItem(KEPT, JSON.stringify(ids.slice(-50)));
  } catch {
    // told on this page only
  }
}

function forget(id) {
  keepAll(kept().filter((each) => each !== id));
}

async function look() {
  clearTimeout(timer);
  const ids = kept();
  const address = document.querySelector("[data-underway]")?.dataset.underway;
  if (!ids.length || !address) return;
  try {
    const answer = await fetch(`${address}?${new URLSearchParams(ids.map((id) => ["document", id]))}`);
    if (!answer.ok || answer.redirected) return;
    const { documents } = await answer.json();
    keepAll(documents.filter((each) => !each.finished).map((each) => each.id));
    for (const each of documents) if (each.finished) finished(each);
  } catch {
    // no network: the next round asks again
  }
  timer = setTimeout(look, ASK_EVERY);
}

function finished({ name, said, address }) {
  if (address) note(name, said, address);
  if (!document.hidden) return;
  if (!document.title.startsWith("✓ ")) document.title = `✓ ${document.title}`;
  if (globalThis.Notification?.permission !== "granted") return;
  const notice = new Notification(name, { body: said, icon: document.querySelector("link[rel=icon]")?.href, tag: name });
  notice.addEventListener("click", () => {
    focus();
    if (address) location.assign(address);
    notice.close();
  });
}

function plainTitle() {
  document.title = document.title.replace(/^✓ /, "");
}

function note(name, said, address) {
  const shown = Object.assign(document.createElement("div"), { className: "note" });
  const what = shown.appendChild(Object.assign(document.createElement("div"), { className: "what" }));
  what.append(Object.assign(document.createElement("a"), { href: address, textContent: name }), document.createElement("br"), said);
  document.getElementById("notes").append(shown);
  setTimeout(() => shown.remove(), 12_000);
}

// Asked for by a button only: a browser that asks by itself is denied for ever.
function offerNotifications() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-notify]");
    if (!button) return;
    await Notification.requestPermission();
    show();
  });
  document.addEventListener("pages:changed", show);
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-notify]")) {
    button.hidden = globalThis.Notification?.permission !== "default";
  }
}
