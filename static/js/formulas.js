// A formula or a table of the result in every form: a click copies the LaTeX and offers the other forms.

let menu = null;
let opener = null;

export function offerForms() {
  const reader = document.getElementById("document");
  if (!reader) return;
  menu = document.getElementById("copies");
  if (!menu) return;
  reader.addEventListener("click", (event) => {
    const element = event.target.closest(".rendered math[data-latex], .rendered table");
    if (element && !event.target.closest("a") && getSelection().isCollapsed) openCopies(element, null);
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") opener?.focus();
  });
}

export async function openCopies(element, from) {
  const page = element.closest(".page");
  const [kind, all] = element.matches("math")
    ? ["formulas", [...page.querySelectorAll(".rendered math[data-latex]")]]
    : ["tables", [...page.querySelectorAll(".rendered table.tabular")].filter((table) => !table.parentElement.closest("table"))];
  const place = all.indexOf(element) + 1;
  if (!place || !menu) return;
  opener = from;
  menu.replaceChildren(Object.assign(document.createElement("p"), { className: "muted", textContent: menu.dataset.waiting }));
  menu.showPopover();
  beside(element);
  const number = page.id.slice(5);
  const answer = await fetch(`${menu.dataset.from}${number}/${kind}/${place}`, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return menu.replaceChildren(menu.dataset.failed);
  menu.innerHTML = await answer.text();
  document.dispatchEvent(new CustomEvent("pages:changed")); // buttons that copy show themselves
  beside(element);
  setTimeout(() => beside(element), 100); // the button for pictures has come meanwhile
  if (from) menu.querySelector("button")?.focus();
}

function beside(element) {
  const [box, size] = [element.getBoundingClientRect(), menu.getBoundingClientRect()];
  const below = box.bottom + 8 + size.height < innerHeight || box.top < size.height + 8;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - size.width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(below ? box.bottom + 8 : box.top - size.height - 8, innerHeight - size.height - 8))}px`;
}
