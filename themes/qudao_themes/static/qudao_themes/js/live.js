/* Forms that save themselves (data-qd-live): one request for each entry, nothing lost, nothing shown as saved that is not.
   Also: what was typed when the session ended comes back after signing in. */

const words = document.getElementById("qd-words")?.dataset ?? {};
const person = document.body.dataset.qdPerson ?? "";
const page = location.pathname + location.search;
const RETRY_EVERY = 5000;
const liveForm = (node) => node?.closest?.("form[data-qd-live]");
const toast = (message, kind = "info", about = undefined) => document.dispatchEvent(new CustomEvent("qd:toast", { detail: { message, kind, about } }));

/* the change has been sent; a submission by Enter would send it again */
document.addEventListener("submit", (event) => {
  if (!liveForm(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

/* going on waits until everything typed has reached the server, and stops at what the server did not take: the number in
   the field is not the one that would be ordered (data-qd-refused, until another one is taken) */
const busy = new Set();
let held = null;
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = liveForm(event.detail.elt);
  if (form) busy.add(form);
  event.detail.elt.closest("form")?.querySelector("qd-quantity")?.leave?.();
});
document.addEventListener("click", (event) => {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const way = event.target.closest("a[href]:not([target]), button[type=submit]");
  if (!way || liveForm(way)) return;
  if (!busy.size && !(way.matches("[data-qd-checkout]") && refused())) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  held = way;
  goOn();
}, true);
const refused = () => document.querySelector("form[data-qd-refused] qd-quantity input");
function goOn() {
  const way = held;
  if (busy.size || !way) return;
  held = null;
  if (document.querySelector("form[data-qd-lost]")) return;
  if (refused()) {
    refused().focus();
    return;
  }
  if (way.isConnected) way.click();
  else if (way.href) location.assign(way.href);
}

/* lost on the way: the number stays, the row says so, and it is sent again */
document.addEventListener("htmx:afterRequest", (event) => {
  const form = liveForm(event.detail.elt);
  if (!form) return;
  busy.delete(form);
  const { status } = event.detail.xhr;
  form.toggleAttribute("data-qd-refused", status === 422);
  if (status === 0 || status >= 500) lost(form);
  else arrived(form);
  setTimeout(goOn);
});
function lost(form) {
  const first = !("qdLost" in form.dataset);
  form.dataset.qdLost = "";
  const field = form.querySelector("qd-quantity");
  field?.tell?.(words.notSaved, "error");
  if (first) toast(words.offline, "error", "connection");
}
function arrived(form) {
  if (!("qdLost" in form.dataset)) return;
  delete form.dataset.qdLost;
  if (!document.querySelector("form[data-qd-lost]")) toast(words.savedNow, "success");
}
function again() {
  for (const form of document.querySelectorAll("form[data-qd-lost]")) {
    if (!busy.has(form)) send(form.querySelector("qd-quantity input"));
  }
}
const send = (field) => field?.dispatchEvent(new Event("change", { bubbles: true }));
addEventListener("online", again);
setInterval(() => navigator.onLine && again(), RETRY_EVERY);
addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-qd-lost]")) event.preventDefault();
});

/* what the server made of a quantity; what has been typed since then stands */
document.addEventListener("qd:quantity", (event) => {
  const { field, value } = event.detail ?? {};
  document.getElementById(field)?.closest("qd-quantity")?.take?.(value);
});

/* the cart's count, wherever the navigation shows it */
document.addEventListener("qd:cart", (event) => {
  const { lines } = event.detail;
  for (const icon of document.querySelectorAll('[data-qd-nav="cart"] .qd-nav-icon')) {
    const badge = icon.querySelector(".qd-nav-badge") ?? icon.appendChild(document.createElement("span"));
    badge.className = "qd-nav-badge";
    badge.textContent = lines > 99 ? "99+" : String(lines);
    badge.hidden = !lines;
  }
});

/* --- typed before the session ended --- */
const TYPED = "qd-typed";
const CHANGED = "qd-changed";
const store = {
  get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
  set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* private mode: nothing is kept */ } },
  drop: (key) => { try { sessionStorage.removeItem(key); } catch { /* private mode */ } },
};
const fieldsOf = (form) => [...form.elements]
  .filter((field) => field.id && field.name && !["hidden", "password", "file", "submit"].includes(field.type))
  .map((field) => [field.id, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value]);
function fillIn(fields) {
  const changed = [];
  for (const [id, value] of fields) {
    const field = document.getElementById(id);
    if (!field) continue;
    const property = typeof value === "boolean" ? "checked" : "value";
    if (field[property] === value) continue;
    field[property] = value;
    changed.push(field);
  }
  return changed;
}

document.addEventListener("htmx:beforeOnLoad", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.status !== 401 && !xhr.getResponseHeader("HX-Refresh")) return;
  const form = elt.closest?.("form");
  if (form && person) {
    const before = store.get(TYPED);
    const fields = before?.page === page && before.person === person ? before.fields : [];
    store.set(TYPED, { page, person, fields: [...fields, ...fieldsOf(form)] });
  }
});

/* a form sent after the session had ended: the next page is the sign-in, which nobody sees who is signed in */
const SENT = "qd-sent";
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !person || form.method !== "post" || form.querySelector("[type=password]")) return;
  store.set(CHANGED, Date.now());
  store.set(SENT, { page, person, fields: fieldsOf(form) });
});
const sent = store.get(SENT);
store.drop(SENT);
if (sent?.fields.length && !person) store.set(TYPED, sent);

/* a page kept by the browser may be older than what has been sent since */
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.requestConfig?.verb === "post") store.set(CHANGED, Date.now());
});
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  if (store.get(CHANGED) > performance.timeOrigin || document.querySelector("[data-qd-live], [data-qd-keep]")) location.reload();
});

/* a long form (data-qd-keep names what it is about) is kept while it is filled in, until it has been taken */
const DRAFT = "qd-draft";
const draftOf = (form) => ({ page: location.pathname, person, about: form.dataset.qdKeep, fields: fieldsOf(form) });
for (const name of ["input", "change", "submit"]) {
  document.addEventListener(name, (event) => {
    const form = name === "submit" ? event.target : event.target.form;
    if (person && form?.matches?.("[data-qd-keep]")) store.set(DRAFT, { ...draftOf(form), sent: name === "submit" });
  });
}

function restore() {
  const typed = store.get(TYPED);
  if (typed && person) {
    store.drop(TYPED);
    if (typed.person === person && typed.page === page) {
      const changed = fillIn(typed.fields);
      changed.filter(liveForm).forEach(send);
      if (changed.length) toast(words.restored);
    }
  }
  const draft = store.get(DRAFT);
  if (!draft || !person) return;
  const form = document.querySelector("form[data-qd-keep]");
  if (draft.person === person && form?.dataset.qdKeep === draft.about && draft.page === location.pathname) fillIn(draft.fields);
  else if (draft.sent || draft.person !== person) store.drop(DRAFT);
}
/* htmx and the fields are ready */
addEventListener("load", restore, { once: true });
