// Rows are dragged onto folders: the row under the pointer, and with it all that are chosen.

const KIND = "application/x-mathpixweb-documents";

export function acceptRows() {
  const bulk = document.getElementById("bulk");
  if (!bulk || !bulk.elements.do) return;
  const list = document.getElementById("documents") ?? document.querySelector(".documents");
  list?.addEventListener("pointerdown", (event) => event.target.closest(".row")?.setAttribute("draggable", "true"));
  list?.addEventListener("dragstart", (event) => take(event, list));
  list?.addEventListener("dragend", () => list.querySelectorAll(".dragged").forEach((row) => row.classList.remove("dragged")));
  for (const folder of document.querySelectorAll("[data-folder]:is(li)")) {
    folder.addEventListener("dragover", (event) => over(event, folder));
    folder.addEventListener("dragleave", () => folder.classList.remove("dropped-on"));
    folder.addEventListener("drop", (event) => drop(event, folder, bulk));
  }
}

function take(event, list) {
  const row = event.target.closest?.(".row");
  if (!row) return;
  const chosen = [...list.querySelectorAll(".row:has(.pick input:checked)")];
  const rows = chosen.includes(row) ? chosen : [row];
  event.dataTransfer.setData(KIND, JSON.stringify(rows.map((each) => each.dataset.key)));
  event.dataTransfer.effectAllowed = "move";
  rows.forEach((each) => each.classList.add("dragged"));
}

function over(event, folder) {
  if (!event.dataTransfer.types.includes(KIND)) return;
  event.preventDefault();
  folder.classList.add("dropped-on");
}

async function drop(event, folder, bulk) {
  folder.classList.remove("dropped-on");
  const documents = event.dataTransfer.getData(KIND);
  if (!documents) return;
  event.preventDefault();
  const fields = new URLSearchParams({ do: "move", to: folder.dataset.folder });
  for (const id of JSON.parse(documents)) fields.append("document", id);
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  await fetch(bulk.action, { method: "POST", body: fields, headers });
  location.reload(); // the page says how many were moved
}
