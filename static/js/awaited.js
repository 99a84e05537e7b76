// Forms of a result that take longer than a stroke may wait: they come once the pen rests, in the places kept for them.

const REST = 300; // ms

let timer = 0;
let question = null;

// Until then the places show what stood there before, so that nothing flickers; it cannot be copied.
export function keepPlaces(shown, fresh) {
  for (const place of fresh.querySelectorAll("[aria-busy]:has(pre)")) {
    place.querySelector("pre").textContent = shown.querySelector(`#${place.id} pre`)?.textContent ?? "";
  }
}

export function complete(shown) {
  leave();
  if (shown.querySelector("[aria-busy]")) timer = setTimeout(() => ask(shown), REST);
}

// Another stroke has begun: what was asked is overtaken.
export function leave() {
  clearTimeout(timer);
  question?.abort();
}

async function ask(shown) {
  question = new AbortController();
  const { signal } = question;
  const html = await made(shown.querySelector("[data-address]").dataset.address, signal).catch(() => "");
  if (signal.aborted) return;
  const whole = document.createElement("template");
  whole.innerHTML = html;
  for (const place of shown.querySelectorAll("[aria-busy]")) {
    const item = whole.content.getElementById(place.id);
    item ? place.replaceWith(item) : place.remove(); // it could not be made
  }
}

async function made(address, signal) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" }, signal });
  return answer.ok ? await answer.text() : "";
}
