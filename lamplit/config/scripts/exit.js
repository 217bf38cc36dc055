// "Exit this page": one click, or the Escape key three times in five seconds, and this page is covered and replaced.
const WITHIN_MS = 5000;

export function watchExit(page) {
  const link = page.querySelector("[data-exit]");
  if (!link) return;
  const told = page.querySelector("[data-exit-said]");
  let presses = [];
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave(page, link.href);
  });
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    const now = Date.now();
    presses = presses.filter((at) => now - at < WITHIN_MS).concat(now);
    if (presses.length >= 3) leave(page, link.href);
    else if (told) told.textContent = presses.length === 2 ? link.dataset.exitOnce : link.dataset.exitTwice;
  });
  // Coming back by the back button must not show a covered page for ever.
  window.addEventListener("pageshow", () => page.documentElement.classList.remove("is-leaving"));
}

function leave(page, address) {
  page.documentElement.classList.add("is-leaving");
  page.title = "Loading";
  window.location.replace(address);
}
