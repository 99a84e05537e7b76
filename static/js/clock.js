// Lets the times of a running document go on between two messages of the server.

export function runClock() {
  if (document.getElementById("progress")) setInterval(tick, 1000);
}

const arrivals = new WeakMap();

function tick() {
  const progress = document.getElementById("progress");
  for (const time of progress.querySelectorAll("[data-clock]")) {
    if (!arrivals.has(time)) arrivals.set(time, performance.now());
    const passed = (performance.now() - arrivals.get(time)) / 1000;
    const seconds = Number(time.dataset.seconds) + (time.dataset.clock === "up" ? passed : -passed);
    const words = inWords(Math.max(1, Math.round(seconds)), progress.dataset);
    if (time.textContent !== words) time.textContent = words;
  }
}

// As the server says it (the filter "duration"), in its own words.
function inWords(whole, words) {
  const minutes = Math.floor(whole / 60);
  if (whole < 60) return fill(words.seconds, { seconds: whole });
  if (minutes < 60) return fill(words.minutes, { minutes, seconds: whole % 60 });
  return fill(words.hours, { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

function fill(pattern, values) {
  return pattern.replace(/%\((\w+)\)d/g, (_, name) => values[name]);
}
