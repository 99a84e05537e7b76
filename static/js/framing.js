// Turns and cuts a picture. Shares that are cut off stand in the form's fields, in percent of the turned picture.

const NEAR = 14; // pixels from an edge that the pointer takes it
const LEAST = 2; // percent that stay of a side
const EDGES = ["left", "top", "right", "bottom"];

let canvas, box, form, image;
let drag = null;

export function cutWithPointer() {
  const place = document.getElementById("frame-picture");
  if (!place) return;
  form = place.closest("form");
  image = place.querySelector("img");
  box = document.getElementById("frame-box");
  canvas = document.createElement("canvas");
  image.decode().then(() => begin(place), () => {}); // no picture: the fields do
}

function begin(place) {
  image.hidden = true;
  place.prepend(canvas);
  box.hidden = false;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", image.alt);
  form.elements.turns.addEventListener("change", turn);
  for (const edge of EDGES) form.elements[edge].addEventListener("input", show);
  place.addEventListener("pointerdown", take);
  place.addEventListener("pointermove", move);
  place.addEventListener("pointerup", () => (drag = null));
  place.addEventListener("pointercancel", () => (drag = null));
  const reset = document.getElementById("frame-reset");
  reset.hidden = false;
  reset.addEventListener("click", () => keep([0, 0, 0, 0]));
  draw();
  show();
}

let turned = 0;

function turn() {
  const turns = Number(form.elements.turns.value);
  let cut = cuts();
  for (let step = turned; step !== turns; step = (step + 1) % 4) cut = [cut[3], cut[0], cut[1], cut[2]];
  turned = turns;
  draw();
  keep(cut);
}

function draw() {
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  [canvas.width, canvas.height] = turned % 2 ? [height, width] : [width, height];
  const context = canvas.getContext("2d");
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((turned * Math.PI) / 2);
  context.drawImage(image, -width / 2, -height / 2);
}

function cuts() {
  return EDGES.map((edge) => Number(form.elements[edge].value) || 0);
}

function keep(cut) {
  EDGES.forEach((edge, index) => (form.elements[edge].value = Math.round(cut[index] * 10) / 10));
  show();
}

function show() {
  cuts().forEach((share, index) => (box.style[EDGES[index]] = `${share}%`));
}

// Where the pointer is, as shares from each edge, in the order of EDGES.
function shares(event) {
  const area = canvas.getBoundingClientRect();
  const inside = (value) => Math.min(Math.max(value, 0), 100);
  const [x, y] = [inside((100 * (event.clientX - area.left)) / area.width), inside((100 * (event.clientY - area.top)) / area.height)];
  return [x, y, 100 - x, 100 - y];
}

function take(event) {
  if (event.button !== 0) return;
  event.preventDefault();
  event.currentTarget.setPointerCapture(event.pointerId);
  const edge = box.getBoundingClientRect();
  const [x, y] = [event.clientX, event.clientY];
  const within = x > edge.left - NEAR && x < edge.right + NEAR && y > edge.top - NEAR && y < edge.bottom + NEAR;
  const near = [x - edge.left, y - edge.top, edge.right - x, edge.bottom - y].map((far) => within && Math.abs(far) < NEAR);
  const whole = cuts().every((share) => share === 0);
  const mode = near.some(Boolean) ? "edges" : within && !whole ? "move" : "new";
  drag = { mode, near, start: shares(event), cut: cuts() };
}

function move(event) {
  if (!drag) return;
  const now = shares(event);
  if (drag.mode === "edges") keep(drag.cut.map((share, index) => (drag.near[index] ? Math.min(now[index], 100 - LEAST - drag.cut[(index + 2) % 4]) : share)));
  else if (drag.mode === "move") keep(moved(now));
  else keep(drag.start.map((share, index) => Math.min(share, now[index], 100 - LEAST)));
}

function moved(now) {
  const by = [0, 1].map((axis) => Math.min(Math.max(now[axis] - drag.start[axis], -drag.cut[axis]), drag.cut[axis + 2]));
  return [drag.cut[0] + by[0], drag.cut[1] + by[1], drag.cut[2] - by[0], drag.cut[3] - by[1]];
}
