// Where in the rendered page the text of each line stands. Both are compared by letters and digits only, since
// markup, spaces and signs are written in one way in the source and in another on the page.

const COMMANDS = /\\(?:text(?:bf|it|tt|rm|sc)?|emph|underline|section\*?|subsection\*?|subsubsection\*?|caption|footnote(?:mark|text)?|href|title|author|item|url)(?![A-Za-z])/g;
const ENDS = 16; // letters of a line's beginning and end, when its middle reads otherwise

export function placesOf(text, lines) {
  const stream = streamOf(text);
  const places = new Map();
  const tables = [...text.querySelectorAll("table")].filter((table) => !table.parentElement.closest("table"));
  const pictures = [...text.querySelectorAll("img")];
  let cursor = 0;
  for (const line of lines) {
    if (line.type === "table") {
      const table = tables.shift();
      if (table) places.set(line.id, { elements: [table], ranges: [] });
      if (table) cursor = Math.max(cursor, stream.entries.findIndex((entry) => table.contains(entry.node)));
    } else if (!line.text) {
      const picture = line.output ? pictures.shift() : null;
      if (picture) places.set(line.id, { elements: [picture], ranges: [] });
    } else if (line.output || line.type === "table_cell" || line.type === "figure_label") {
      const found = locate(stream.letters, letters(line.text.replace(COMMANDS, "")), cursor);
      if (!found) continue;
      places.set(line.id, placeOf(stream.entries, ...found));
      if (line.output || line.type === "table_cell") cursor = found[1];
    }
  }
  return places;
}

function letters(text) {
  return text.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
}

function locate(stream, wanted, cursor) {
  if (!wanted) return null;
  for (const from of [cursor, 0]) {
    const at = stream.indexOf(wanted, from);
    if (at >= 0 && (from === cursor || wanted.length > 3)) return [at, at + wanted.length];
  }
  if (wanted.length < 2 * ENDS) return null;
  const start = stream.indexOf(wanted.slice(0, ENDS), cursor);
  const end = start < 0 ? -1 : stream.indexOf(wanted.slice(-ENDS), start);
  return end >= 0 && end - start < 2 * wanted.length ? [start, end + ENDS] : null;
}

// Every letter with the text node and offset where it stands, or with its formula.
function streamOf(text) {
  const entries = [];
  let string = "";
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      for (let at = 0; at < node.data.length; at++) push(letters(node.data[at]), node, at);
    } else if (node.nodeName.toLowerCase() === "math") {
      for (const letter of letters(node.dataset.latex ?? "")) push(letter, node, -1);
    } else for (const child of node.childNodes) visit(child);
  };
  const push = (letter, node, at) => {
    for (const one of letter) {
      string += one;
      for (let unit = 0; unit < one.length; unit++) entries.push({ node, at });
    }
  };
  visit(text);
  return { letters: string, entries };
}

function placeOf(entries, start, end) {
  const elements = new Set();
  const ranges = [];
  let range = null;
  for (const { node, at } of entries.slice(start, end)) {
    if (at < 0) {
      elements.add(node);
      range = null;
    } else if (range?.startContainer === node) range.setEnd(node, at + 1);
    else {
      range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      ranges.push(range);
    }
  }
  if (range) takePoint(range);
  return { elements: [...elements], ranges };
}

// The full stop belongs to the line, though it is no letter.
function takePoint(range) {
  const { data } = range.endContainer;
  let end = range.endOffset;
  while (end < data.length && /[^\s\p{L}\p{N}]/u.test(data[end])) end++;
  range.setEnd(range.endContainer, end);
}
