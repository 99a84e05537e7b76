// Menus are <details>: here they learn to close, and what in them needs a script appears.
import { keep } from "./store.js";

export function openMenus() {
  document.addEventListener("click", (event) => closeMenus(event.target.closest?.("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details[data-menu][open]");
    closeMenus();
    open?.querySelector("summary").focus();
  });
  const toggle = document.querySelector("[data-theme-toggle]");
  if (toggle) {
    toggle.hidden = false;
    toggle.addEventListener("click", switchTheme);
  }
  document.body.addEventListener("htmx:afterSettle", () => document.querySelectorAll("[data-download-now]").forEach(download));
  document.querySelectorAll("[data-note]").forEach((note) => setTimeout(() => note.remove(), 8000));
  if (location.hash === "#export") document.getElementById("export")?.setAttribute("open", "");
}

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

function switchTheme() {
  const root = document.documentElement;
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  keep("theme", root.dataset.theme);
}

function download(link) {
  link.removeAttribute("data-download-now");
  link.click();
}
