/* <qudao-audiences search-url reach-url [single]> around a text field that holds audience keys: shows the keys by
   name, finds others by name, counts whom they reach. Without JavaScript the field itself takes the keys. */
class QudaoAudiences extends HTMLElement {
  connectedCallback() {
    if (this.field) return;
    this.field = this.querySelector("textarea, input, select");
    if (!this.field) return;
    this.fixed = this.field.disabled || this.field.readOnly;
    this.single = this.hasAttribute("single");
    this.names = new Map();
    this.gone = new Set();
    for (const line of this.querySelectorAll("[data-key]")) {
      this.names.set(line.dataset.key, line.dataset.name);
      if ("gone" in line.dataset) this.gone.add(line.dataset.key);
      line.remove();
    }
    this.options = [];
    this.active = -1;
    this.build();
    this.show();
  }

  get keys() {
    return this.field.value.split(/\s+/).filter(Boolean);
  }

  make(tag, attributes, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  build() {
    const id = this.field.id || `audiences-${Math.random().toString(36).slice(2)}`;
    this.field.hidden = true;
    this.field.removeAttribute("required");
    this.chips = this.make("ul", { class: "qudao-audiences__chips" });
    this.input = this.make("input", {
      type: "text",
      id: `${id}_find`,
      role: "combobox",
      autocomplete: "off",
      maxlength: "80",
      placeholder: this.getAttribute("find"),
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": `${id}_offers`,
      "data-w-unsaved-ignore": "",
    });
    const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) label.htmlFor = this.input.id;
    else this.input.setAttribute("aria-label", this.getAttribute("find"));
    this.list = this.make("ul", { id: `${id}_offers`, role: "listbox", class: "qudao-audiences__offers" });
    this.list.setAttribute("aria-label", this.getAttribute("find"));
    this.list.hidden = true;
    this.reach = this.make("p", { class: "help qudao-audiences__reach", "aria-live": "polite" });
    const find = this.make("div", { class: "qudao-audiences__find" }, this.input, this.list);
    find.hidden = this.fixed;
    this.append(this.chips, find, this.reach);
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.input.addEventListener("input", (event) => this.type(event));
    this.input.addEventListener("change", (event) => event.stopPropagation());
    this.input.addEventListener("focus", () => this.offer());
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.input.addEventListener("paste", (event) => this.paste(event));
  }

  press(event) {
    const last = this.options.length - 1;
    if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (this.options.length && !this.list.hidden) this.add(this.options[Math.max(this.active, 0)].key);
      else this.offer({ take: true });
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (this.list.hidden) this.offer();
      else this.mark(event.key === "ArrowDown" ? Math.min(this.active + 1, last) : Math.max(this.active - 1, 0));
    } else if (event.key === "Escape" && !this.list.hidden) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && !this.input.value && this.keys.length) {
      this.remove(this.keys.at(-1));
    }
  }

  type(event) {
    event.stopPropagation();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.offer(), 150);
  }

  /* Several keys at once, from a sheet or a mail. */
  paste(event) {
    const keys = (event.clipboardData?.getData("text") || "").split(/[\s,，、;；]+/).filter(Boolean);
    if (keys.length < 2 || this.single) return;
    event.preventDefault();
    this.set([...new Set([...this.keys, ...keys])]);
  }

  async ask(url, parameters) {
    const answer = await window.qudaoOffice.ask(`${url}?${new URLSearchParams(parameters)}`, { headers: { Accept: "application/json" } });
    return answer?.json() ?? null;
  }

  async find(asked) {
    const [address, query] = this.getAttribute("search-url").split("?");
    return this.ask(address, [...new URLSearchParams(query), ["q", asked]]);
  }

  async offer({ take = false } = {}) {
    const asked = this.input.value.trim();
    this.asked = asked;
    const found = await this.find(asked);
    if (!found || this.asked !== asked || this.input.value.trim() !== asked) return;
    const taken = new Set(this.keys);
    this.options = found.results.filter(({ key }) => !taken.has(key));
    if (take && asked && this.options.length) {
      this.add(this.options[0].key);
      return;
    }
    this.active = -1;
    let group;
    this.list.replaceChildren();
    this.options.forEach(({ key, label, name, group: heading }, place) => {
      if (heading && heading !== group) {
        group = heading;
        this.list.append(this.make("li", { role: "presentation", class: "qudao-audiences__group" }, heading));
      }
      const item = this.make("li", { role: "option", id: `${this.list.id}_${place}`, "aria-selected": "false" }, name || label);
      if (heading) item.setAttribute("aria-label", label);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        this.add(key);
      });
      this.list.append(item);
    });
    if (!this.options.length) this.list.append(this.make("li", { class: "help" }, this.getAttribute("none")));
    const open = document.activeElement === this.input;
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
  }

  mark(place) {
    this.active = place;
    const items = [...this.list.querySelectorAll("[role=option]")];
    items.forEach((item, each) => item.setAttribute("aria-selected", String(each === place)));
    const item = items[place];
    if (!item) return;
    this.input.setAttribute("aria-activedescendant", item.id);
    item.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  add(key) {
    const offered = this.options.find((option) => option.key === key);
    if (offered) this.names.set(key, offered.label);
    this.input.value = "";
    this.close();
    this.set(this.single ? [key] : [...new Set([...this.keys, key])]);
    this.input.focus();
  }

  remove(key) {
    this.set(this.keys.filter((each) => each !== key));
    this.input.focus();
  }

  set(keys) {
    this.field.value = keys.join(this.single ? "" : "\n");
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
  }

  show() {
    this.chips.replaceChildren(
      ...this.keys.map((key) => {
        const name = this.names.get(key) || key;
        const said = this.getAttribute("remove").replace("__name__", name);
        const button = this.make("button", { type: "button", "aria-label": said, title: said }, "×");
        button.addEventListener("click", () => this.remove(key));
        const chip = this.make("li", { title: key }, name);
        if (this.gone.has(key)) chip.className = "qudao-audiences__gone";
        if (!this.fixed) chip.append(button);
        return chip;
      }),
    );
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.count(), 200);
  }

  async count() {
    const keys = this.keys;
    const found = keys.length ? await this.ask(this.getAttribute("reach-url"), keys.map((key) => ["key", key])) : null;
    if (keys.join() !== this.keys.join()) return;
    this.reach.textContent = found ? found.text : "";
    if (!found) return;
    if (found.members_url) {
      const link = this.make("a", { href: found.members_url, target: "_blank", rel: "noopener" }, found.members_text);
      this.reach.append(" ", link);
    }
    const fresh = Object.entries(found.labels).filter(([key]) => !this.names.has(key));
    fresh.forEach(([key, label]) => this.names.set(key, label));
    const gone = found.gone.filter((key) => !this.gone.has(key));
    gone.forEach((key) => this.gone.add(key));
    if (fresh.length || gone.length) this.show();
  }
}

/* <qudao-choices [single]> around a select with very many options: the same, over what the select offers. */
class QudaoChoices extends QudaoAudiences {
  get choices() {
    return [...this.field.options].filter((option) => option.value);
  }

  get keys() {
    return this.choices.filter((option) => option.selected).map((option) => option.value);
  }

  label(option) {
    const group = option.parentElement.label;
    return group && group !== option.label ? `${group} · ${option.label}` : option.label;
  }

  show() {
    if (!this.names.size) this.choices.forEach((option) => this.names.set(option.value, this.label(option)));
    super.show();
  }

  async find(asked) {
    const words = asked.toLowerCase().split(/\s+/).filter(Boolean);
    const named = this.choices.map((option) => ({ key: option.value, label: this.names.get(option.value) }));
    const fitting = named.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
    return { results: fitting.slice(0, 60) };
  }

  set(keys) {
    const wanted = new Set(keys);
    for (const option of this.field.options) option.selected = wanted.has(option.value);
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.show();
  }

  paste() {}

  count() {}
}

if (!customElements.get("qudao-choices")) customElements.define("qudao-choices", QudaoChoices);
if (!customElements.get("qudao-audiences")) customElements.define("qudao-audiences", QudaoAudiences);

document.head.append(Object.assign(document.createElement("style"), { textContent: `
qudao-audiences, qudao-choices { display: block; max-inline-size: 40rem; }
.qudao-audiences__chips { display: flex; flex-wrap: wrap; gap: 0.375rem; margin: 0 0 0.5rem; padding: 0; list-style: none; }
.qudao-audiences__chips:empty { display: none; }
.qudao-audiences__chips li {
  display: inline-flex; align-items: center; gap: 0.25rem; padding-inline: 0.75rem 0.25rem; border-radius: 1rem;
  background: var(--w-color-surface-menus, #2e1f5e); color: var(--w-color-text-label-menus-active, #fff); font-size: 0.875rem;
}
.qudao-audiences__chips button {
  inline-size: 1.75rem; block-size: 1.75rem; border: 0; border-radius: 50%; background: none; color: inherit;
  font-size: 1.125rem; line-height: 1; cursor: pointer;
}
.qudao-audiences__chips button:hover { background: rgb(255 255 255 / 20%); }
.qudao-audiences__chips .qudao-audiences__gone { background: none; color: var(--w-color-text-error, #ca3b3b); outline: 1px solid currentColor; text-decoration: line-through; }
.qudao-audiences__find { position: relative; }
.qudao-audiences__offers .qudao-audiences__group { padding-block: 0.625rem 0.25rem; font-size: 0.75rem; font-weight: 600; cursor: default; opacity: 0.75; }
@media (pointer: coarse) {
  .qudao-audiences__chips button { inline-size: 2.75rem; block-size: 2.75rem; }
  .qudao-audiences__offers [role="option"] { padding-block: 0.75rem; }
}
.qudao-audiences__offers {
  position: absolute; z-index: 30; inset-inline: 0; max-block-size: 18rem; margin: 0; padding: 0; overflow-y: auto; list-style: none;
  border: 1px solid var(--w-color-border-furniture, #ccc); border-radius: 0 0 0.3125rem 0.3125rem;
  background: var(--w-color-surface-field, #fff); color: var(--w-color-text-context, #262626);
}
.qudao-audiences__offers li { padding: 0.5rem 0.75rem; cursor: pointer; }
.qudao-audiences__offers li[aria-selected="true"], .qudao-audiences__offers li[role="option"]:hover {
  background: var(--w-color-surface-button-default, #007d7e); color: var(--w-color-text-button, #fff);
}
.qudao-preview-find { display: flex; gap: 0.5rem; margin-block: 0.25rem 1.25rem; max-inline-size: 40rem; }
.qudao-preview-find input { flex: 1; min-inline-size: 0; }
.qudao-preview-find button { block-size: auto; min-block-size: 2.75rem; }
.qudao-preview-companies { margin: 1rem 0; padding: 0; list-style: none; }
.qudao-preview-companies li { display: flex; flex-wrap: wrap; gap: 0.25rem 0.75rem; align-items: center; margin-block: 0.375rem; }
.qudao-preview-companies button { block-size: auto; min-block-size: 2.75rem; padding-block: 0.5rem; line-height: 1.3; text-align: start; white-space: normal; }
` }));
