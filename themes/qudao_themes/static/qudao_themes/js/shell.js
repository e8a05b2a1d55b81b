/* The shell: appearance, toasts, dialogs, menus, keys, copying, confirming, selecting, and what htmx reports. */

const words = document.getElementById("qd-words")?.dataset ?? {};
const root = document.documentElement;

/* appearance: kept in a cookie so that the server renders it and nothing flashes */
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-qd-theme]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const choice = event.submitter.value;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `qd_theme=${choice}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  root.dataset.theme = choice;
  for (const button of document.querySelectorAll("[data-qd-theme] button")) {
    button.setAttribute("aria-pressed", String(button.value === choice));
  }
});

/* toasts */
const RING = "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z";
const ICONS = { success: "M20 6 9 17l-5-5", error: "M12 9v4m0 4h.01M12 3 2.5 20h19z", warn: `${RING}M12 8v5m0 3h.01`, info: `${RING}M12 16v-5m0-3h.01` };

function toast({ message, value, kind = "info", undo_url: undoUrl, undo, about, lasts = 6000 }) {
  const stack = document.getElementById("qd-toasts");
  const said = message ?? value;
  if (!stack || !said) return;
  const box = document.createElement("div");
  box.className = "qd-toast";
  box.dataset.kind = kind;
  if (about) box.dataset.about = about;
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [name, setting] of Object.entries({ class: "qd-icon", viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" })) {
    svg.setAttribute(name, setting);
  }
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", ICONS[kind] ?? ICONS.info);
  svg.append(path);
  const text = document.createElement("div");
  text.textContent = said;
  box.append(svg, text);
  if (undoUrl) {
    const link = document.createElement("a");
    link.href = undoUrl;
    link.textContent = undo ?? "↩";
    box.append(link);
  }
  const close = document.createElement("button");
  close.className = "qd-button";
  close.type = "button";
  Object.assign(close.dataset, { kind: "quiet", square: "", size: "sm" });
  close.setAttribute("aria-label", words.close ?? "×");
  close.textContent = "×";
  close.addEventListener("click", () => drop(box));
  box.append(close);
  if (!stack.matches(":popover-open")) stack.showPopover?.();
  stack.append(box);
  while (stack.children.length > 4) stack.firstElementChild.remove();
  if (kind !== "error") {
    let timer = setTimeout(() => drop(box), lasts);
    box.addEventListener("pointerenter", () => clearTimeout(timer));
    box.addEventListener("pointerleave", () => { timer = setTimeout(() => drop(box), 2500); });
  }
}

function drop(box) {
  const stack = box.parentElement;
  box.remove();
  if (stack && !stack.children.length) stack.hidePopover?.();
}

document.addEventListener("qd:toast", (event) => toast(event.detail ?? {}));

/* one listener for clicks on what carries an attribute */
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-qd-open]");
  if (opener) {
    opener.closest("details.qd-menu")?.removeAttribute("open");
    const box = document.getElementById(opener.dataset.qdOpen);
    if (box instanceof HTMLDialogElement && !box.open) box.showModal();
  }
  if (event.target instanceof HTMLDialogElement && event.target.matches(".qd-dialog")) event.target.close();
  const dismiss = event.target.closest("[data-qd-dismiss]");
  if (dismiss) (dismiss.closest(".qd-notice, .qd-panel") ?? dismiss.parentElement).remove();
  if (event.target.closest("[data-qd-print]")) window.print();
  const copy = event.target.closest("[data-qd-copy]");
  if (copy) {
    try {
      await navigator.clipboard.writeText(copy.dataset.qdCopy);
      toast({ message: words.copied, kind: "success", lasts: 2000 });
    } catch {
      toast({ message: words.failed, kind: "error" });
    }
  }
});

/* menus made of <details>: one at a time, closed by Escape and by a click elsewhere */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.qd-menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

/* confirming: buttons that submit, and htmx requests */
function confirmed(element) {
  const box = document.createElement("dialog");
  box.className = "qd-dialog";
  const title = document.createElement("h2");
  title.id = "qd-confirm-title";
  title.textContent = element.dataset.qdConfirm || words.sure;
  box.setAttribute("aria-labelledby", title.id);
  const head = document.createElement("header");
  head.className = "qd-dialog-head";
  head.append(title);
  const body = document.createElement("form");
  body.method = "dialog";
  body.className = "qd-dialog-body";
  const actions = document.createElement("p");
  actions.className = "qd-actions";
  for (const [value, label, kind] of [["", words.cancel, "secondary"], ["yes", element.dataset.qdConfirmGo || words.goOn, "primary"]]) {
    const button = document.createElement("button");
    button.className = "qd-button";
    button.dataset.kind = kind;
    button.value = value;
    button.textContent = label;
    actions.append(button);
  }
  body.append(actions);
  box.append(head, body);
  document.body.append(box);
  box.showModal();
  return new Promise((answer) => {
    box.addEventListener("close", () => {
      box.remove();
      element.focus?.();
      answer(box.returnValue === "yes");
    }, { once: true });
  });
}

let agreed = null;
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-qd-confirm]");
  if (!button || button === agreed || [...button.attributes].some(({ name }) => /^hx-(get|post|put|patch|delete)$/.test(name))) return;
  event.preventDefault();
  event.stopPropagation();
  if (!(await confirmed(button))) return;
  agreed = button;
  button.click();
  agreed = null;
}, true);

document.addEventListener("htmx:confirm", (event) => {
  const source = event.detail.elt;
  if (!source.matches?.("[data-qd-confirm]")) return;
  event.preventDefault();
  confirmed(source).then((yes) => yes && event.detail.issueRequest(true));
});

/* keys */
let waitingForSecond = false;
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.qd-menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input, textarea, select, [contenteditable=true], dialog[open]")) return;
  if (waitingForSecond) {
    waitingForSecond = false;
    const key = { h: "home", c: "cart", o: "orders" }[event.key];
    const link = key && (document.querySelector(`[data-qd-nav="${key}"]`) ?? (key === "cart" ? document.querySelector("#qd-cart-bar a") : null));
    if (link) {
      event.preventDefault();
      link.click();
    }
    return;
  }
  if (event.key === "g") {
    waitingForSecond = true;
    setTimeout(() => { waitingForSecond = false; }, 1200);
  } else if (event.key === "/") {
    const field = document.querySelector(".qd-search input");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  } else if (event.key === "?") {
    event.preventDefault();
    document.getElementById("qd-shortcuts")?.showModal();
  }
});

/* selecting rows: all, ranges with shift, and the bar that says how many */
let lastRow = null;
function rowsOf(scope) {
  const named = [...scope.querySelectorAll("[data-qd-row]")];
  return named.length ? named : [...scope.querySelectorAll("input[type=checkbox][name]:not([data-qd-select-all])")];
}
function selection(scope) {
  const rows = rowsOf(scope);
  const chosen = rows.filter((box) => box.checked).length;
  for (const all of scope.querySelectorAll("[data-qd-select-all]")) {
    all.checked = chosen > 0 && chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
  }
  for (const bar of scope.querySelectorAll("[data-qd-select-bar]")) {
    bar.toggleAttribute("data-on", chosen > 0);
    bar.querySelector("[data-qd-selected]").textContent = chosen.toLocaleString("en");
  }
}
document.addEventListener("click", (event) => {
  const box = event.target.closest?.("input[type=checkbox]");
  const scope = box?.closest("[data-qd-select]");
  if (!scope) return;
  const rows = rowsOf(scope);
  if (!rows.includes(box) && !box.matches("[data-qd-select-all]")) return;
  if (box.matches("[data-qd-select-all]")) {
    for (const row of rows) row.checked = box.checked;
  } else {
    if (event.shiftKey && rows.includes(lastRow)) {
      const [from, to] = [rows.indexOf(lastRow), rows.indexOf(box)].sort((a, b) => a - b);
      for (const row of rows.slice(from, to + 1)) row.checked = box.checked;
    }
    lastRow = box;
  }
  selection(scope);
});
const selectAllScopes = () => document.querySelectorAll("[data-qd-select]").forEach(selection);
selectAllScopes();
addEventListener("pageshow", selectAllScopes);
document.addEventListener("htmx:afterSettle", selectAllScopes);

/* the line that says the network is gone, and the messages about it: they go as soon as the server answers, whatever the
   browser believes */
const offline = document.getElementById("qd-offline");
const network = (reached) => {
  if (offline) offline.hidden = reached;
  if (reached) document.querySelectorAll('.qd-toast[data-about="connection"]').forEach(drop);
};
addEventListener("online", () => network(true));
addEventListener("offline", () => network(false));
document.addEventListener("qd:reached", () => network(true));
document.addEventListener("htmx:afterRequest", (event) => event.detail.xhr.status && network(true));
network(navigator.onLine);

/* while a list changes under its filters, the sheet stays open and the focus stays on the field that changed it */
let filters = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const sheet = document.querySelector(".qd-facets:popover-open");
  const field = document.activeElement?.closest?.(".qd-facets") ? document.activeElement : null;
  const sent = event.detail.requestConfig?.triggeringEvent?.type === "submit";
  filters = {
    sheet: sheet && !sent ? { id: sheet.id, top: sheet.scrollTop } : null,
    field: field?.name ? { name: field.name, value: field.value, typed: field.type === "text" } : null,
  };
});
document.addEventListener("htmx:afterSwap", () => {
  if (!filters) return;
  const { sheet, field } = filters;
  filters = null;
  const shown = sheet && document.getElementById(sheet.id);
  if (shown) { shown.showPopover(); shown.scrollTop = sheet.top; }
  if (!field) return;
  const same = [...document.getElementsByName(field.name)].find((each) => each.closest(".qd-facets") && (field.typed || each.value === field.value));
  same?.focus({ preventScroll: true });
});

/* htmx: what failed, in words; focus stays where it was */
const SAID = { 401: "signedOut", 403: "forbidden", 429: "busy" };
document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = event.detail;
  if (xhr.getResponseHeader("HX-Redirect")) return;
  let said = words[SAID[xhr.status] ?? "failed"];
  if ((xhr.getResponseHeader("Content-Type") ?? "").includes("json")) {
    try {
      const problem = JSON.parse(xhr.responseText);
      said = problem.detail ?? problem.title ?? said;
    } catch { /* not a problem document: the general sentence stands */ }
  }
  toast({ message: said, kind: "error" });
});
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    /* what saves itself says so at its place (live.js) */
    if (!event.detail.elt?.closest?.("[data-qd-live]")) toast({ message: words.offline, kind: "error", about: "connection" });
  });
}
document.addEventListener("htmx:afterSwap", (event) => {
  const problem = event.detail.target?.querySelector?.("[data-qd-focus]");
  if (problem) problem.focus();
});
document.querySelector("[data-qd-focus]")?.focus();
/* the tab of this page may lie beyond the edge of a phone */
for (const tabs of document.querySelectorAll(".qd-tabs")) {
  const here = tabs.querySelector("[aria-current]");
  if (here && here.offsetLeft + here.offsetWidth > tabs.clientWidth) tabs.scrollLeft = here.offsetLeft - (tabs.clientWidth - here.offsetWidth) / 2;
}
