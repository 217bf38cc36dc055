// Single-key shortcuts of the desk. A person can turn them off, and the choice stays in this browser (WCAG 2.1.4).
const KEPT = "lamplit-shortcuts";

export function watchShortcuts(page) {
  const keys = new Map();
  for (const place of page.querySelectorAll("[data-shortcut]")) keys.set(place.dataset.shortcut, place);
  const button = page.querySelector("[data-shortcuts-switch]");
  let on = localStorage.getItem(KEPT) !== "off";
  const show = () => {
    if (!button) return;
    button.hidden = false;
    button.textContent = on ? "Turn single-key shortcuts off" : "Turn single-key shortcuts on";
  };
  button?.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(KEPT, on ? "on" : "off");
    show();
  });
  page.addEventListener("keydown", (event) => {
    if (!on || event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const place = keys.get(event.key);
    if (!place) return;
    event.preventDefault();
    if (place.matches("input, select, textarea")) place.focus();
    else place.click();
  });
  show();
}

function typing(place) {
  return place.isContentEditable || place.matches("input:not([type=radio]):not([type=checkbox]), select, textarea");
}
