// The reader's own choices, kept in this browser; without storage they last as long as the page.
const kept = new Map();

export function recall(name) {
  try {
    return localStorage.getItem(name) ?? kept.get(name);
  } catch {
    return kept.get(name);
  }
}

export function keep(name, value) {
  kept.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // kept for this page only
  }
}
