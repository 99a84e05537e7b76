// Stands in the page, so that the first paint waits for nothing more and nobody who chose dark sees a white flash.
(() => {
  const root = document.documentElement;
  root.removeAttribute("data-no-js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.theme = chosen;
  } catch {
    // storage may be switched off; then the system's theme holds
  }
})();
