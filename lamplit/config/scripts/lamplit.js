// The front door of our few scripts. Every page works without them; each part is fetched only where a page has use for it.
import { watchExit } from "./exit.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
watchExit(document);

const has = (selector) => document.querySelector(selector) !== null;
if (has('input[data-aria-controls], input[data-behaviour="exclusive"]')) {
  import("./choices.js").then((module) => module.watchChoices(document));
}
if (has('[data-module="govuk-error-summary"]')) {
  import("./govuk-error-summary.js").then((module) => {
    for (const place of document.querySelectorAll('[data-module="govuk-error-summary"]')) new module.ErrorSummary(place);
  });
}
if (has("template[data-advice]")) import("./advice.js").then((module) => module.watchAdvice(document));
if (has("[data-shortcut]")) import("./shortcuts.js").then((module) => module.watchShortcuts(document));
if (has("form[data-passkey]")) import("./passkeys.js").then((module) => module.watchPasskeys(document));
if (has("form[data-outbox-form]") || localStorage.getItem("lamplit-outbox")) {
  import("./outbox.js").then((module) => module.watchOutbox(document));
}
const noSignal = document.querySelector("[data-no-signal]");
if (has("main form[method=post]") && !has(".lamp-desk-page")) {
  import("./reach.js").then((module) => module.watchReach(document, noSignal));
}
const tell = (words) => {
  noSignal.hidden = false;
  noSignal.textContent = words;
};
document.addEventListener("submit", (event) => {
  if (navigator.onLine || event.defaultPrevented || !noSignal) return;
  event.preventDefault(); // the browser's own error page would take the place of what was typed
  tell(noSignal.dataset.noSignal);
  noSignal.scrollIntoView({ block: "center" });
});
window.addEventListener("online", () => {
  if (noSignal && !noSignal.hidden) tell(noSignal.dataset.signalBack);
});
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
