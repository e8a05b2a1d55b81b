/* The search field: suggestions while typing, one's recent searches, all by keyboard; and which hit was opened. */

const token = () => {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["x-csrftoken"] ?? "";
  } catch {
    return "";
  }
};

class SearchField extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=search]");
    this.list = this.querySelector("[role=listbox]");
    this.status = this.querySelector("[data-status]");
    if (!this.input || !this.list || !this.dataset.suggest) return;
    this.asked = null;
    this.timer = 0;
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id, "aria-haspopup": "listbox" })) {
      this.input.setAttribute(name, value);
    }
    this.input.addEventListener("input", (event) => { if (!event.isComposing) this.ask(150); });
    this.input.addEventListener("compositionend", () => this.ask(150));
    this.input.addEventListener("focus", () => { if (!this.input.value.trim()) this.ask(0); });
    this.input.addEventListener("click", () => { if (!this.open) this.ask(0); });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.click(event));
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.close(); });
    this.closest("form, qd-search-field").addEventListener("submit", () => this.close());
  }

  get open() { return !this.list.hidden; }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get active() { return this.list.querySelector("[aria-selected=true]"); }

  /* ask the server; an older question that is still on its way is dropped */
  ask(wait) {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.timer = setTimeout(() => this.fetch(), wait);
  }

  async fetch() {
    const question = new AbortController();
    this.asked = question;
    const text = this.input.value.trim();
    try {
      const answer = await fetch(`${this.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: question.signal, headers: { "X-Requested-With": "fetch" } });
      const html = answer.ok && !answer.redirected ? await answer.text() : "";
      if (question.signal.aborted || !this.contains(document.activeElement)) return;
      this.show(html);
    } catch { /* no suggestions: the field works without them */ }
  }

  show(html) {
    this.list.innerHTML = html;
    const options = this.options;
    options.forEach((option, at) => { option.id = `${this.list.id}-${at}`; });
    this.choose(null);
    this.list.hidden = !options.length;
    this.input.setAttribute("aria-expanded", String(this.open));
    const said = options.length ? this.dataset.some.replace("{n}", options.length) : this.input.value.trim() && this.dataset.none;
    this.status.textContent = said || "";
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.choose(null);
    this.status.textContent = "";
  }

  choose(option) {
    this.active?.setAttribute("aria-selected", "false");
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (event.isComposing) return;
    const { options, active } = this;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.open) { this.ask(0); return; }
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = active ? options.indexOf(active) + step : step > 0 ? 0 : options.length - 1;
      this.choose(options[at] ?? null);
    } else if (event.key === "Enter" && this.open && active) {
      event.preventDefault();
      this.go(active);
    } else if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Delete" && event.shiftKey && active?.matches("[data-recent]")) {
      event.preventDefault();
      this.forget(active);
    }
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (!option) return;
    if (event.target.closest("[data-forget]")) this.forget(option);
    else this.go(option);
  }

  go(option) {
    this.close();
    location.assign(option.dataset.href);
  }

  async forget(option) {
    const next = option.nextElementSibling ?? option.previousElementSibling;
    const body = new FormData();
    body.append("text", option.dataset.text);
    try {
      const answer = await fetch(this.dataset.forget, { method: "POST", body, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch" } });
      if (answer.status === 401) location.assign(answer.headers.get("HX-Redirect"));
      if (!answer.ok) return;
    } catch {
      return;
    }
    option.remove();
    if (this.options.length) this.choose(next);
    else this.close();
  }
}
customElements.define("qd-search-field", SearchField);

/* which hit was opened: told beside the way there, so nobody waits for it and nothing is lost when it fails */
function opened(event) {
  if (event.type === "auxclick" && event.button !== 1) return;
  const hit = event.target.closest?.("[data-qd-hit]");
  const list = hit?.closest("[data-qd-clicks]");
  if (!list?.dataset.qdQuery || !event.target.closest("a[href]")) return;
  const note = new FormData();
  note.append("csrfmiddlewaretoken", token());
  note.append("query_id", list.dataset.qdQuery);
  for (const name of ["kind", "item", "position"]) note.append(name, hit.dataset[name]);
  navigator.sendBeacon?.(list.dataset.qdClicks, note);
}
document.addEventListener("click", opened);
document.addEventListener("auxclick", opened);
