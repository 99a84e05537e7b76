// Which line is lit, on the picture of its page and in its text; and which box belongs to what stands there.

export const sheets = new Map(); // page element → its boxes and the places of their text
export let lit = null; // the box that is lit

export function placeOf(box) {
  return sheets.get(box?.closest(".page"))?.places.get(box.dataset.line);
}

// Lights the line on the picture and in the text; `follow` brings whichever is out of sight into it.
export function light(box, follow = "") {
  if (lit === box) return;
  lit?.classList.remove("lit");
  document.querySelectorAll(".line-lit").forEach((element) => element.classList.remove("line-lit"));
  lit = box;
  const place = placeOf(box);
  CSS.highlights?.set("line", new Highlight(...(place?.ranges ?? [])));
  if (!box) return;
  box.classList.add("lit");
  place?.elements.forEach((element) => element.classList.add("line-lit"));
  if (follow === "text") (place?.ranges[0]?.startContainer.parentElement ?? place?.elements[0])?.scrollIntoView({ block: "nearest" });
  if (follow === "box") box.scrollIntoView({ block: "nearest" });
}

// The box of what stands at a point of the text.
export function boxAt(event) {
  const page = event.target.closest?.(".page");
  const sheet = sheets.get(page);
  if (!sheet || !event.target.closest(".rendered")) return null;
  const spot = document.caretPositionFromPoint?.(event.clientX, event.clientY);
  const caret = spot ? [spot.offsetNode, spot.offset] : fromWebKit(event);
  const formula = event.target.closest("math, img");
  return sheet.boxes.find((box) => {
    const place = sheet.places.get(box.dataset.line);
    if (!place) return false;
    if (formula) return place.elements.includes(formula);
    return caret && place.ranges.some((range) => range.isPointInRange(...caret));
  }) ?? sheet.boxes.find((box) => sheet.places.get(box.dataset.line)?.elements.some((element) => element.contains(event.target)));
}

function fromWebKit(event) {
  const range = document.caretRangeFromPoint?.(event.clientX, event.clientY);
  return range && [range.startContainer, range.startOffset];
}

export function boxOf(page, node) {
  const sheet = sheets.get(page);
  return sheet?.boxes.find((box) => {
    const place = sheet.places.get(box.dataset.line);
    return place?.elements.includes(node) || place?.ranges.some((range) => range.intersectsNode(node));
  });
}
