// Danger advice the moment an answer calls for it. Without this script it stands on the next page.
export function watchAdvice(page) {
  const place = page.querySelector("[data-advice-place]");
  const show = () => {
    const chosen = page.querySelector('input[type="radio"]:checked');
    const wanted = chosen && page.querySelector(`template[data-advice="${CSS.escape(chosen.value)}"]`);
    place.replaceChildren(...(wanted ? [wanted.content.cloneNode(true)] : []));
  };
  page.addEventListener("change", (event) => {
    if (!event.target.matches('input[type="radio"]')) return;
    show();
    if (place.firstElementChild) place.scrollIntoView({ block: "start" });
  });
  window.addEventListener("pageshow", show);
}
