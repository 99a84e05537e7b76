// Uploads with a bar and a way to stop: from the form, dropped anywhere, or pasted.

let quick;
let form;

export function acceptUploads() {
  quick = document.getElementById("quick-upload");
  form = document.getElementById("upload");
  if (!quick) return;
  form?.addEventListener("submit", submit);
  for (const input of [form, quick].map((each) => each?.elements.file)) {
    input?.addEventListener("change", () => sendAll([...input.files]));
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
  event.preventDefault();
  const url = form.elements.url.value.trim();
  if (url) send(null, url, true);
  else if (form.elements.file.files.length) sendAll([...form.elements.file.files]);
  else form.elements.file.click();
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
    sendAll([...event.dataTransfer.files]);
  });
}

function paste(event) {
  const files = [...(event.clipboardData?.files ?? [])];
  const field = event.target.closest?.("input, textarea, [contenteditable]");
  if (files.length) {
    event.preventDefault();
    sendAll(files);
  } else if (!field) {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (/^https?:\/\/\S+$/.test(text)) send(null, text, true);
  }
}

function sendAll(files) {
  for (const file of files) send(file, null, files.length === 1);
  quick.elements.file.value = ""; // the same file can be chosen again
  if (form) form.elements.file.value = "";
}

function send(file, url, alone) {
  const note = new Note(file ? file.name : url);
  if (file && file.size > Number(quick.dataset.maxBytes)) return note.fail(quick.dataset.textTooLarge);
  const request = new XMLHttpRequest();
  note.onClose = () => request.abort();
  request.upload.addEventListener("progress", (event) => note.advance(event.loaded / event.total));
  request.upload.addEventListener("load", () => note.say(quick.dataset.textStored));
  request.addEventListener("load", () => answered(request, note, alone));
  request.addEventListener("error", () => note.fail(quick.dataset.textFailed));
  request.addEventListener("abort", () => note.remove());
  request.open("POST", quick.action);
  request.setRequestHeader("HX-Request", "true");
  request.send(content(file, url));
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
  if (request.status === 422) return note.fail(null, request.responseText);
  if (request.status !== 201) return note.fail(quick.dataset.textFailed);
  note.succeed(request.responseText);
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
