/* Forms: what is not saved yet, what was saved when, one submission per click, files by dropping. */

const words = document.getElementById("qd-words")?.dataset ?? {};
const fill = (sentence, n) => (sentence ?? "").replace("{n}", String(n));

/* leaving with unsaved input */
const dirty = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.matches("[data-qd-unsaved]")) dirty.add(form);
});
document.addEventListener("submit", (event) => navigator.onLine && dirty.delete(event.target));
addEventListener("beforeunload", (event) => {
  if ([...dirty].some((form) => form.isConnected)) event.preventDefault();
});

/* without a connection nothing is sent: the page stays as it is, instead of the browser's own error page. A browser
   that only thinks it is offline reaches the server, and the form is sent */
let reachable = null;
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (navigator.onLine || form === reachable || event.defaultPrevented || form.method === "dialog") return;
  event.preventDefault();
  try {
    await fetch(location.href, { method: "HEAD", cache: "no-store" });
  } catch {
    document.dispatchEvent(new CustomEvent("qd:toast", { detail: { message: words.offline, kind: "error", about: "connection" } }));
    return;
  }
  document.dispatchEvent(new CustomEvent("qd:reached"));
  reachable = form;
  form.requestSubmit(event.submitter);
  reachable = null;
});

/* a second click while the first is under way does nothing; the back button gives a fresh form */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get" || form.matches("[hx-post], [data-hx-post]")) return;
  if (form.dataset.qdSent) {
    event.preventDefault();
    return;
  }
  /* without a connection the browser would put a page of its own in the place of what was filled in */
  if (!navigator.onLine && form.method === "post" && !form.matches("[data-qd-theme]")) {
    event.preventDefault();
    document.dispatchEvent(new CustomEvent("qd:toast", { detail: { message: words.offline, kind: "error", about: "connection" } }));
    return;
  }
  form.dataset.qdSent = "true";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-qd-sent]")) delete form.dataset.qdSent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

/* errors link to their field: focus the field, not only the place */
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-qd-errors] a[href^='#']");
  const place = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!place) return;
  event.preventDefault();
  const field = place.matches("input, select, textarea") ? place : place.querySelector("input, select, textarea, a, button");
  place.scrollIntoView({ block: "center" });
  (field ?? place).focus({ preventScroll: true });
});

/* <qd-saved>: true because it follows the requests of its form and tells the time since the last success */
class Saved extends HTMLElement {
  connectedCallback() {
    this.form = this.dataset.form ? document.getElementById(this.dataset.form) : this.closest("form");
    this.at = this.dataset.at ? Date.parse(this.dataset.at) : null;
    this.timer = setInterval(() => this.show(), 1000);
    this.listen = (event) => this.hear(event);
    for (const name of ["input", "htmx:beforeRequest", "htmx:afterRequest", "qd:saving", "qd:saved", "qd:not-saved"]) {
      this.form?.addEventListener(name, this.listen);
    }
    if (this.at) this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  hear(event) {
    if (event.type === "input") this.set("unsaved", words.unsaved);
    else if (event.type === "htmx:beforeRequest" || event.type === "qd:saving") this.set("saving", words.saving);
    else if (event.type === "qd:saved" || event.detail?.successful) {
      this.at = Date.now();
      this.set("saved", words.savedNow);
    } else this.set("error", words.notSaved);
  }

  set(state, sentence) {
    this.dataset.state = state;
    if (this.textContent !== sentence) this.textContent = sentence;
  }

  show() {
    if (!this.at || ["unsaved", "saving", "error"].includes(this.dataset.state)) return;
    const seconds = Math.max(0, Math.round((Date.now() - this.at) / 1000));
    if (seconds < 2) this.set("saved", words.savedNow);
    else if (seconds < 90) this.set("saved", fill(words.savedSeconds, seconds));
    else this.set("saved", fill(words.savedMinutes, Math.round(seconds / 60)));
  }
}
if (!customElements.get("qd-saved")) customElements.define("qd-saved", Saved);

/* <qd-upload>: a place to drop files, and their names and sizes */
class Upload extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector(".qd-upload-files");
    this.input?.addEventListener("change", () => this.show());
    for (const name of ["dragenter", "dragover"]) this.addEventListener(name, () => { this.dataset.over = ""; });
    for (const name of ["dragleave", "drop"]) this.addEventListener(name, () => { delete this.dataset.over; });
  }

  show() {
    this.list.replaceChildren(...[...this.input.files].map((file) => {
      const row = document.createElement("span");
      const size = file.size < 1024 * 1024 ? `${Math.max(1, Math.round(file.size / 1024))} KB` : `${(file.size / 1024 / 1024).toFixed(1)} MB`;
      row.textContent = `${file.name} · ${size}`;
      return row;
    }));
  }
}
if (!customElements.get("qd-upload")) customElements.define("qd-upload", Upload);

/* a choice that narrows another one: a province its cities, which stand grouped by province */
for (const wide of document.querySelectorAll("select[data-qd-narrows]")) {
  const narrow = document.getElementById(wide.dataset.qdNarrows);
  if (!narrow) continue;
  const groups = [...narrow.querySelectorAll("optgroup")];
  const show = (keep) => {
    const name = wide.value && wide.selectedOptions[0].text;
    const before = narrow.value;
    for (const group of groups) group.remove();
    narrow.append(...groups.filter((group) => !name || group.label === name));
    narrow.value = keep && narrow.querySelector(`option[value="${CSS.escape(before)}"]`) ? before : "";
  };
  wide.addEventListener("change", () => show(true));
  narrow.addEventListener("change", () => {
    const group = narrow.selectedOptions[0]?.closest("optgroup");
    const found = group && [...wide.options].find((option) => option.text === group.label);
    if (found && wide.value !== found.value) { wide.value = found.value; show(true); }
  });
  show(true);
}
