// What somebody typed or chose is not thrown away: before a form goes, the page asks whether we are there at all.
// If not, the browser's own error page would take its place; and a standby at our address, or a main that was made again after
// a loss, knows nothing of the form.
const PATIENCE_MS = 10000;

export function watchReach(page, place) {
  if (!place || !HTMLFormElement.prototype.requestSubmit) return; // an old browser sends as ever
  const passed = new WeakSet();
  let asking = false;
  page.addEventListener("submit", async (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (passed.delete(form)) return;
    event.preventDefault();
    if (asking) return; // pressed twice
    asking = true;
    page.documentElement.dataset.sending = ""; // said where others can see it, until it goes or stays
    const us = await whoIsHere();
    asking = false;
    if (us === place.dataset.here) {
      passed.add(form);
      form.requestSubmit(event.submitter);
      return;
    }
    delete page.documentElement.dataset.sending;
    if (event.submitter) event.submitter.before(place); // beside what was typed
    const said = !us ? "[data-not-reached]" : us[0] === "S" ? "[data-moved]" : "[data-made-again]";
    place.replaceChildren(page.querySelector(said).content.cloneNode(true));
    place.hidden = false;
    place.scrollIntoView({ block: "center" });
  });
}

// Return which service answers (config/here.py), or nothing when none does.
async function whoIsHere() {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch("/here", { cache: "no-store", signal: stop.signal });
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  } finally {
    clearTimeout(late);
  }
}
