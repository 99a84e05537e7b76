// Ink: strokes of a pen, a finger or the mouse, read while they are drawn. One question at a time is under way;
// what is drawn meanwhile is asked about after it.

import { complete, keepPlaces, leave } from "./awaited.js";

const REACH = 10; // pixels within which the eraser takes a stroke

let area, canvas, context, result, state;
let strokes = []; // each a list of [x, y]; a change makes a new list, so that undo is keeping the old one
let past = [];
let future = [];
let current = null;
let drawing = ""; // the document of this drawing
let tool = "pen";
let asking = false;
let stale = false;

function start() {
  area = document.getElementById("drawing");
  canvas = document.getElementById("ink");
  context = canvas?.getContext?.("2d");
  if (!context) return;
  result = document.getElementById("draw-result");
  state = document.getElementById("draw-state");
  area.hidden = false;
  canvas.addEventListener("pointerdown", begin);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  area.addEventListener("click", press);
  document.addEventListener("keydown", shortcut);
  new ResizeObserver(fit).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
}

function begin(event) {
  if (event.button !== 0 || current) return;
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  leave();
  current = { id: event.pointerId, points: [place(event)], kept: strokes };
  tool === "eraser" ? erase(event) : paint();
}

function move(event) {
  if (current?.id !== event.pointerId) return;
  if (tool === "eraser") return erase(event);
  const events = event.getCoalescedEvents?.() ?? [];
  current.points.push(...(events.length ? events : [event]).map(place));
  paint();
}

function end(event) {
  if (current?.id !== event.pointerId) return;
  const { points, kept } = current;
  current = null;
  if (tool === "pen") change([...strokes, points]);
  else if (strokes !== kept) {
    const left = strokes;
    strokes = kept;
    change(left);
  } else if (!asking) complete(result);
}

function erase(event) {
  const [x, y] = place(event);
  const left = strokes.filter((stroke) => !stroke.some(([a, b]) => Math.hypot(a - x, b - y) < REACH));
  if (left.length < strokes.length) strokes = left;
  paint();
}

function place(event) {
  const box = canvas.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top].map((value) => Math.round(value * 10) / 10);
}

function press(event) {
  const button = event.target.closest("button");
  if (button?.dataset.tool) choose(button.dataset.tool);
  else if (button?.dataset.do) ({ undo, redo, clear: () => change([]) })[button.dataset.do]();
}

function choose(name) {
  tool = area.dataset.tool = name;
  for (const button of area.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", button.dataset.tool === name);
}

function shortcut(event) {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest("input, textarea")) return;
  const key = event.key.toLowerCase();
  const action = key === "z" ? (event.shiftKey ? redo : undo) : key === "y" ? redo : null;
  if (!action) return;
  event.preventDefault();
  action();
}

function change(next) {
  past.push(strokes);
  future = [];
  show(next);
}

function undo() {
  if (!past.length) return;
  future.push(strokes);
  show(past.pop());
}

function redo() {
  if (!future.length) return;
  past.push(strokes);
  show(future.pop());
}

function show(next) {
  strokes = next;
  const possible = { undo: past.length, redo: future.length, clear: strokes.length };
  for (const button of area.querySelectorAll("[data-do]")) button.disabled = !possible[button.dataset.do];
  paint();
  leave();
  read();
}

function fit() {
  const scale = devicePixelRatio || 1;
  const box = canvas.getBoundingClientRect();
  canvas.width = Math.round(box.width * scale);
  canvas.height = Math.round(box.height * scale);
  context.setTransform(scale, 0, 0, scale, 0, 0);
  paint();
}

function paint() {
  context.clearRect(0, 0, canvas.width, canvas.height);
  Object.assign(context, { lineWidth: 2.5, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color });
  const shown = current && tool === "pen" ? [...strokes, current.points] : strokes;
  for (const stroke of shown) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    for (const point of stroke) context.lineTo(...point);
    context.stroke();
  }
}

async function read() {
  if (asking) return void (stale = true);
  stale = false;
  if (!strokes.length) {
    drawing = ""; // what is drawn on a clean sheet is another drawing
    result.replaceChildren();
    state.textContent = "";
    return;
  }
  asking = true;
  state.textContent = area.dataset.textReading;
  try {
    await ask();
  } catch {
    state.textContent = area.dataset.textFailed;
  } finally {
    asking = false;
  }
  if (stale) read();
}

async function ask() {
  const axis = (number) => strokes.map((stroke) => stroke.map((point) => point[number]));
  const body = JSON.stringify({ drawing, strokes: { x: axis(0), y: axis(1) } });
  const headers = { ...JSON.parse(document.body.getAttribute("hx-headers")), "Content-Type": "application/json" };
  const answer = await fetch(area.dataset.action, { method: "POST", headers, body });
  if (answer.redirected) return location.reload(); // signed out
  if (!answer.ok && ![422, 429].includes(answer.status)) throw new Error(answer.statusText);
  const html = await answer.text();
  if (stale && !strokes.length) return; // cleared meanwhile
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  keepPlaces(result, fresh.content);
  result.replaceChildren(fresh.content);
  drawing = result.querySelector("[data-drawing]")?.dataset.drawing ?? drawing;
  state.textContent = answer.ok ? area.dataset.textRead : "";
  document.dispatchEvent(new CustomEvent("pages:changed")); // buttons that copy show themselves
  if (!stale && !current) complete(result);
}

start();
