// What cannot be sent waits on this device and goes when the signal is back: photos, and what came of a visit.
// Nothing is called sent before our server said so. Each thing has an id made here, so that none arrives twice.
const FLAG = "lamplit-outbox"; // set while something waits: only then do other pages fetch this script
const AGAIN_MS = 20000;
const CLOCK = { timeZone: "Europe/London", day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export async function watchOutbox(page) {
  const place = page.querySelector("[data-outbox]");
  if (!place || !window.indexedDB || !navigator.locks) return;
  const store = await opened().catch(() => null); // some browsers have none in a private window: there the plain form is all
  if (!store) return;
  const box = new Outbox(place, store);
  for (const form of page.querySelectorAll("form[data-outbox-form]")) box.watch(form);
  place.querySelector("[data-outbox-send]").addEventListener("click", () => box.send());
  place.querySelector("[data-outbox-clear]").addEventListener("click", () => box.clear());
  window.addEventListener("online", () => box.send());
  setInterval(() => box.send(), AGAIN_MS);
  await box.show();
  await box.send();
}

class Outbox {
  constructor(place, store) {
    this.place = place;
    this.store = store;
    this.sender = place.dataset.outbox;
    this.states = new Map(); // of this page only: what is being tried, and what came of it
  }

  watch(form) {
    const files = form.querySelector('input[type="file"]');
    if (files) files.multiple = true;
    form.addEventListener("submit", (event) => {
      if (!form.dataset.outboxSender || (files && !files.files.length)) return; // the plain form says what is missing
      event.preventDefault();
      const button = event.submitter;
      if (button) button.disabled = true;
      this.take(form, files).finally(() => { if (button) button.disabled = false; });
    });
  }

  // Keep what a form holds, one thing a file, then try to send it.
  async take(form, files) {
    const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
    const things = [];
    for (const file of files ? files.files : [null]) {
      const bytes = file && (await file.arrayBuffer());
      things.push({
        id: crypto.randomUUID().replaceAll("-", ""), at: Date.now(), sender: form.dataset.outboxSender, path: location.pathname + location.search,
        name: [form.dataset.outboxForm, file?.name].filter(Boolean).join(": "), fields: whenPressed(fields),
        file: file && { field: files.name, name: file.name, type: file.type, bytes },
      });
    }
    try {
      for (const one of things) await this.store.put(one);
    } catch { // no room on this device: the plain way, which takes one file
      for (const one of things) await this.store.remove(one.id);
      if (things.length === 1) form.submit();
      else this.complain(this.place.dataset.noRoom);
      return;
    }
    if (files) form.reset();
    await this.show();
    this.place.scrollIntoView({ block: "start" });
    const to = await this.send();
    const left = new Map((await this.store.all()).map((one) => [one.id, one]));
    if (!files && left.get(things[0].id)?.why) { // the form is still here: the plain way says beside each box what is wrong
      await this.store.remove(things[0].id);
      form.submit();
      return;
    }
    if (!files) form.reset();
    if (to && !things.some((one) => left.has(one.id))) location.assign(to);
  }

  // Send what waits, one after another, in one window at a time. Returns where the last thing can be seen.
  send() {
    return navigator.locks.request(FLAG, async () => {
      let to = null;
      for (const one of await this.store.all()) {
        if (one.sender !== this.sender || one.why) continue;
        if (!navigator.onLine) { this.states.delete(one.id); continue; }
        this.states.set(one.id, "sending");
        await this.show();
        to = (await this.sendOne(one)) ?? to;
        await this.show();
      }
      return to;
    });
  }

  async sendOne(one) {
    const body = new FormData();
    for (const [name, value] of one.fields) body.append(name, value);
    body.append("each", one.id);
    body.append("sender", one.sender);
    if (one.file) body.append(one.file.field, new Blob([one.file.bytes], { type: one.file.type }), one.file.name);
    let answer, said;
    try {
      answer = await fetch(one.path, { method: "POST", body, redirect: "manual", headers: { Accept: "application/json", "X-CSRFToken": token() } });
      said = await answer.json().catch(() => null);
    } catch {
      this.states.delete(one.id); // no signal: it waits
      return null;
    }
    if (answer.ok && said?.kept === true) {
      await this.store.remove(one.id);
      this.states.delete(one.id);
      this.say(`${one.name}: ${this.place.dataset.sent}`);
      return said.to;
    }
    const why = answer.status === 422 && said?.why?.length ? said.why.join(" ") : this.place.dataset[{ 404: "gone", 413: "tooLarge" }[answer.status]];
    if (why) {
      await this.store.put({ ...one, why });
      this.say(`${one.name}: ${this.place.dataset.refused}. ${why}`);
    }
    this.states.set(one.id, answer.type === "opaqueredirect" ? "signedOut" : answer.status === 409 ? "others" : "trouble");
    return null;
  }

  async show() {
    const things = await this.store.all();
    const list = this.place.querySelector("[data-outbox-list]");
    list.replaceChildren(...things.map((one) => this.line(one)));
    this.place.hidden = !things.length;
    if (things.length) localStorage.setItem(FLAG, "1");
    else localStorage.removeItem(FLAG);
  }

  line(one) {
    const words = this.place.dataset;
    const hers = one.sender === this.sender;
    const line = this.place.querySelector("[data-outbox-line]").content.cloneNode(true).firstElementChild;
    const name = hers ? one.name : ""; // whoever else uses this device reads nothing of it here
    line.querySelector("[data-name]").textContent = name;
    line.querySelector("[data-remove-name]").textContent = ` ${name}`;
    const state = !hers ? words.others : one.why ? `${words.refused}. ${one.why}` : words[this.states.get(one.id) ?? "waiting"];
    line.querySelector("[data-state]").textContent = state;
    line.querySelector("[data-remove]").addEventListener("click", () => this.remove([one]));
    return line;
  }

  async remove(things) {
    if (!window.confirm(this.place.dataset.sure)) return;
    for (const one of things) await this.store.remove(one.id);
    this.say(this.place.dataset.removed);
    await this.show();
  }

  async clear() {
    await this.remove(await this.store.all());
  }

  complain(words) {
    const alert = document.querySelector("[data-no-signal]");
    alert.hidden = false;
    alert.textContent = words;
    alert.scrollIntoView({ block: "center" });
  }

  say(words) {
    this.place.querySelector("[data-outbox-said]").textContent = words;
  }
}

// A visit of which nobody typed when it was, was when the button was pressed; not when the signal came back.
function whenPressed(fields) {
  const typed = Object.fromEntries(fields);
  if (typed.happened_time !== "" || typed.happened_on_day !== "") return fields;
  const now = Object.fromEntries(new Intl.DateTimeFormat("en-GB", CLOCK).formatToParts(new Date()).map((part) => [part.type, part.value]));
  const filled = { happened_on_day: now.day, happened_on_month: now.month, happened_on_year: now.year, happened_time: `${now.hour}:${now.minute}` };
  return fields.map(([name, value]) => [name, filled[name] ?? value]);
}

function token() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

// A small shelf in the browser's own database. It survives that the browser is closed.
function opened() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("lamplit", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("outbox", { keyPath: "id" });
    asked.onerror = () => failed(asked.error);
    asked.onsuccess = () => {
      const use = (mode, what) => new Promise((kept, lost) => {
        const moved = asked.result.transaction("outbox", mode);
        const wanted = what(moved.objectStore("outbox"));
        moved.oncomplete = () => kept(wanted.result);
        moved.onerror = moved.onabort = () => lost(moved.error);
      });
      done({
        all: async () => (await use("readonly", (shelf) => shelf.getAll())).sort((a, b) => a.at - b.at),
        put: (one) => use("readwrite", (shelf) => shelf.put(one)),
        remove: (id) => use("readwrite", (shelf) => shelf.delete(id)),
      });
    };
  });
}
