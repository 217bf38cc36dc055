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
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
