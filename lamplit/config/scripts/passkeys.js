// Passkeys: asks the device and sends what it says with the form. A form that needs one is hidden until this script runs:
// <form data-passkey="create" or "get" data-options="..."> holds the options, or `data-options-from` says where to fetch them.
export function watchPasskeys(page) {
  if (!window.PublicKeyCredential) return;
  for (const form of page.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form).catch((error) => say(form, error));
    });
  }
  for (const place of page.querySelectorAll("[data-passkey-missing]")) place.hidden = true;
}

async function ask(form) {
  const given = form.dataset.options ? JSON.parse(form.dataset.options) : await fetched(form.dataset.optionsFrom);
  const options = readied(given.publicKey);
  const made = await navigator.credentials[form.dataset.passkey]({ publicKey: options });
  form.elements.credential.value = JSON.stringify(told(made));
  form.submit();
}

async function fetched(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" } });
  if (!answer.ok) throw new Error(`the options are not there: ${answer.status}`);
  return (await answer.json()).request_options;
}

function say(form, error) {
  const place = form.querySelector("[data-passkey-said]");
  const refused = error.name === "InvalidStateError";
  place.textContent = refused ? "This device has a passkey of yours already." : "That did not work, or you stopped it. You can try again.";
}

// JSON has no bytes: they stand there as base64url.
function readied(options) {
  const known = (list) => (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }));
  const ready = { ...options, challenge: bytes(options.challenge) };
  if (options.user) ready.user = { ...options.user, id: bytes(options.user.id) };
  if (options.excludeCredentials) ready.excludeCredentials = known(options.excludeCredentials);
  if (options.allowCredentials) ready.allowCredentials = known(options.allowCredentials);
  return ready;
}

function told(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  if (made.response.getTransports) response.transports = made.response.getTransports();
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    authenticatorAttachment: made.authenticatorAttachment,
    clientExtensionResults: made.getClientExtensionResults(),
    response,
  };
}

function bytes(said) {
  const padded = said.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
