// The front door of our few scripts. Every page works without them; each part is fetched only where a page has use for it.
import { watchExit } from "./exit.js";

const GOVUK = {
  "govuk-radios": ["./govuk-radios.js", "Radios"],
  "govuk-checkboxes": ["./govuk-checkboxes.js", "Checkboxes"],
  "govuk-error-summary": ["./govuk-error-summary.js", "ErrorSummary"],
};

document.body.classList.add("js-enabled", "govuk-frontend-supported");
watchExit(document);

for (const [name, [file, part]] of Object.entries(GOVUK)) {
  const places = document.querySelectorAll(`[data-module="${name}"]`);
  if (places.length) import(file).then((module) => places.forEach((place) => new module[part](place)));
}
if (document.querySelector("[data-shortcut]")) import("./shortcuts.js").then((module) => module.watchShortcuts(document));
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
