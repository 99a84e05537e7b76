// Uploads with a bar and a way to stop: from the form, dropped anywhere, or pasted.

import { expect } from "./notices.js";

const MOST_FILES = 1000; // of a folder
// text that is worth a document: formulas, commands, headings, tables
const MARKUP = /\\[A-Za-z]+|\\[([]|\$[^$\n]+\$|^#{1,6} \S|^\|.+\|\s*$/m;

let quick;
let form;

export function acceptUploads() {
  quick = document.getElementById("quick-upload");
  form = document.getElementById("upload");
  if (!quick) return;
  form?.addEventListener("submit", submit);
  for (const input of document.querySelectorAll("#upload [type=file], #quick-upload [type=file]")) {
    input.addEventListener("change", () => sendAll([...input.files]));
  }
  document.querySelector("[data-upload]")?.addEventListener("click", (event) => {
    event.preventDefault();
    chooseFiles();
  });
  acceptDrops();
  document.addEventListener("paste", paste);
}

export function chooseFiles() {
  quick?.elements.file.click();
}

function submit(event) {
  if (event.submitter?.hasAttribute("formaction")) return emptyFiles(); // a preset: no file goes with it
  event.preventDefault();
  const url = form.elements.url.value.trim();
  if (url) send(null, url, true);
  else form.querySelector("[name=file]").click(); // chosen files are on their way already
  form.elements.url.value = "";
}

function acceptDrops() {
  const zone = document.getElementById("drop-zone");
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  const over = (by) => {
    depth = Math.max(0, by === 0 ? 0 : depth + by);
    zone.hidden = depth === 0;
  };
  addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
  addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(0);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.());
    if (entries.some((entry) => entry?.isDirectory)) sendFolders(entries);
    else sendAll([...event.dataTransfer.files]);
  });
}

// What stands in a folder, and in those within it; hidden files are nobody's documents.
async function sendFolders(entries) {
  const files = [];
  for (const entry of entries) if (entry) await collect(entry, files);
  sendAll(files);
}

async function collect(entry, files) {
  if (entry.name.startsWith(".") || files.length >= MOST_FILES) return;
  if (entry.isFile) return void files.push(await new Promise((done, fail) => entry.file(done, fail)));
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((done, fail) => reader.readEntries(done, fail));
    if (!some.length) return; // it tells a hundred at a time
    for (const each of some) await collect(each, files);
  }
}

function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const field = event.target.closest?.("input, textarea, [contenteditable]");
  if (field && !(files.length && !event.clipboardData.types.includes("text/plain"))) return;
  if (files.length) {
    event.preventDefault();
    if (files.length === 1 && files[0].type.startsWith("image/")) readNow({ file: files[0] }, files[0].name);
    else sendAll(files);
  } else {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (/^https?:\/\/\S+$/.test(text)) send(null, text, true);
    else if (MARKUP.test(text)) readNow({ text }, text.slice(0, 60));
  }
}

// A pasted picture, or text with formulas or headings, is answered in one go and then shown.
function readNow(what, name) {
  const fields = new FormData();
  fields.set("csrfmiddlewaretoken", quick.elements.csrfmiddlewaretoken.value);
  for (const [key, value] of Object.entries(what)) fields.set(key, value);
  post(quick.dataset.readNow, fields, new Note(name), true, quick.dataset.textReading);
}

function sendAll(files) {
  for (const file of files) send(file, null, files.length === 1);
  emptyFiles(); // so that the same can be chosen again
}

function emptyFiles() {
  for (const input of document.querySelectorAll("#upload [type=file], #quick-upload [type=file]")) input.value = "";
}

function send(file, url, alone) {
  const note = new Note(file ? file.name : url);
  if (file && file.size > Number(quick.dataset.maxBytes)) return note.fail(quick.dataset.textTooLarge);
  post(quick.action, content(file, url), note, alone, quick.dataset.textStored);
}

function post(address, fields, note, alone, words) {
  const request = new XMLHttpRequest();
  note.onClose = () => request.abort();
  request.upload.addEventListener("progress", (event) => note.advance(event.loaded / event.total));
  request.upload.addEventListener("load", () => note.say(words));
  request.addEventListener("load", () => answered(request, note, alone));
  request.addEventListener("error", () => note.fail(quick.dataset.textFailed));
  request.addEventListener("abort", () => note.remove());
  request.open("POST", address);
  request.setRequestHeader("HX-Request", "true");
  request.send(fields);
}

function content(file, url) {
  const fields = new FormData(form ?? quick);
  fields.delete("file");
  fields.delete("url");
  if (file) fields.set("file", file, file.name);
  if (url) fields.set("url", url);
  return fields;
}

function answered(request, note, alone) {
  if (request.status === 422 || request.status === 429) return note.fail(null, request.responseText);
  if (request.status !== 201) return note.fail(quick.dataset.textFailed);
  note.succeed(request.responseText);
  for (const link of note.element.querySelectorAll("[data-expected]")) expect(link.dataset.expected);
  if (alone) location.assign(note.element.querySelector("[data-document]").dataset.document);
}

class Note {
  constructor(name) {
    this.element = document.createElement("div");
    this.element.className = "note";
    this.what = this.element.appendChild(document.createElement("div"));
    this.what.className = "what";
    this.what.appendChild(document.createElement("strong")).textContent = name;
    this.line = this.what.appendChild(document.createElement("div"));
    this.line.textContent = quick.dataset.textSending;
    this.bar = this.what.appendChild(document.createElement("progress"));
    this.bar.setAttribute("aria-label", quick.dataset.textSending);
    this.button = this.element.appendChild(document.createElement("button"));
    this.button.className = "button quiet small";
    this.button.textContent = "×";
    this.button.setAttribute("aria-label", quick.dataset.textCancel);
    this.button.addEventListener("click", () => (this.onClose ? this.onClose() : this.remove()));
    document.getElementById("notes").append(this.element);
  }

  advance(part) {
    this.bar.value = part;
    this.line.textContent = `${quick.dataset.textSending} ${Math.round(100 * part)} %`;
  }

  say(words) {
    this.line.textContent = words;
  }

  settle() {
    this.bar.remove();
    this.onClose = null;
    this.button.setAttribute("aria-label", quick.dataset.textClose);
  }

  succeed(html) {
    this.settle();
    this.what.innerHTML = html;
    setTimeout(() => this.remove(), 4000);
  }

  fail(words, html) {
    this.settle();
    this.element.classList.add("failed");
    if (html) this.line.innerHTML = html;
    else this.line.textContent = words;
  }

  remove() {
    this.element.remove();
  }
}
