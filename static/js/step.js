// The picture of a page and what was read from it scroll in step: of the two, the one that is lower than the other
// and higher than the window moves by as much as is needed to reach its end together with the other.

const narrow = matchMedia("(max-width: 820px)");
let waiting = false;

export function scrollInStep() {
  if (!document.getElementById("document")) return;
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  soon();
}

function soon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const page of document.querySelectorAll(".page-body")) arrange(page);
  });
}

function arrange(body) {
  const row = body.getBoundingClientRect();
  if (row.bottom < 0 || row.top > innerHeight) return;
  const edge = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
  const window_ = innerHeight - edge;
  const way = row.height - window_; // scrolled from the row's upper edge to its lower one
  const passed = way > 0 ? Math.min(Math.max((edge - row.top) / way, 0), 1) : 0;
  for (const side of body.querySelectorAll(".original, .result > .mmd, .result > .source")) {
    const over = Math.max(0, side.offsetHeight - window_ + 24);
    side.style.top = narrow.matches ? "" : `${edge - passed * over}px`;
  }
}
