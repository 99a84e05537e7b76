// Tells who wants to know that the page has changed, once for all the pieces that arrive together.

const listeners = [];
let told = true;

export function onChange(listener) {
  if (!listeners.length) {
    document.addEventListener("pages:changed", tell);
    document.body.addEventListener("htmx:afterSettle", tell);
  }
  listeners.push(listener);
}

function tell() {
  if (!told) return;
  told = false;
  setTimeout(() => {
    told = true;
    for (const listener of listeners) listener();
  }, 60);
}
