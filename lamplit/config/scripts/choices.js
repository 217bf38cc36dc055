// Radios and checkboxes that open more questions under them, and the checkbox that means "none of these".
// Ours and not GOV.UK's, whose script puts aria-expanded on radios, where ARIA does not allow it.
export function watchChoices(page) {
  page.addEventListener("change", (event) => {
    if (!event.target.matches('input[type="radio"], input[type="checkbox"]')) return;
    if (event.target.type === "checkbox" && event.target.checked) keepApart(event.target);
    showInside(page);
  });
  // A page that comes back from the browser's memory has its choices restored after this script ran.
  window.addEventListener("pageshow", () => showInside(page));
  showInside(page);
}

function showInside(page) {
  for (const input of page.querySelectorAll("input[data-aria-controls]")) {
    const inside = page.getElementById(input.dataset.ariaControls);
    const kind = input.type === "radio" ? "radios" : "checkboxes";
    inside?.classList.toggle(`govuk-${kind}__conditional--hidden`, !input.checked);
  }
}

function keepApart(chosen) {
  const alone = chosen.dataset.behaviour === "exclusive";
  for (const other of chosen.form?.querySelectorAll(`input[type="checkbox"][name="${CSS.escape(chosen.name)}"]`) ?? []) {
    if (other !== chosen && (alone || other.dataset.behaviour === "exclusive")) other.checked = false;
  }
}
