// Buttons that copy the text of another element; they appear only where copying is possible.

import { onChange } from "./changes.js";

export function offerCopying() {
  if (!navigator.clipboard) return;
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy], [data-png]");
    if (button?.matches("[data-copy]")) copy(button);
    else if (button) copyPicture(button);
  });
  onChange(show);
  show();
}

function show() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy).textContent;
  if (button.dataset.kind === "html") await copyRich(text);
  else await navigator.clipboard.writeText(text);
  thank(button, button.dataset.copied);
}

// A table pasted into Word or a mail is a table, pasted into an editor it is HTML.
function copyRich(html) {
  const item = { "text/html": new Blob([html], { type: "text/html" }), "text/plain": new Blob([html], { type: "text/plain" }) };
  return navigator.clipboard.write([new ClipboardItem(item)]);
}

function thank(button, words) {
  const label = button.querySelector("span");
  const before = [...label.childNodes];
  label.replaceChildren(words);
  setTimeout(() => label.replaceChildren(...before), 1500);
}

function drawing(button) {
  return button.closest(".copies").querySelector('[data-kind="svg"]');
}

async function copyPicture(button) {
  const svg = document.getElementById(drawing(button).dataset.copy).textContent;
  const picture = rasterised(svg); // a promise: Safari wants the item before the picture is there
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
  thank(button, button.dataset.png);
}

const SCALE = 4; // pixels for each CSS pixel: sharp in print

async function rasterised(svg) {
  const drawn = new DOMParser().parseFromString(svg, "image/svg+xml").documentElement;
  const box = drawn.viewBox.baseVal;
  const [width, height] = [box.width / 55, box.height / 55].map((side) => Math.ceil(side + 8)); // 1000 units an em
  const image = new Image();
  drawn.setAttribute("width", width - 8);
  drawn.setAttribute("height", height - 8);
  image.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(drawn))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: width * SCALE, height: height * SCALE });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 4 * SCALE, 4 * SCALE, (width - 8) * SCALE, (height - 8) * SCALE);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
