/* <qd-quantity>: reads "36", "3箱", "3 ctn"; snaps to the pack and says so; ↑↓ step by pack; Enter goes to the next row.
   The server reads the same words and is the judge; without this script the field is a plain input. */

const words = document.getElementById("qd-words")?.dataset ?? {};
const fill = (sentence, values) => (sentence ?? "").replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "");
const exact = (number) => Number(number.toFixed(6));
const figure = (number) => number.toLocaleString("en", { maximumFractionDigits: 3 });

/* words for the same unit, as the server knows them (SAME_UNIT): one counts where the product has a unit of its group */
const SAME = [
  "piece pc pce ea each 个 件 只 支 台 枚", "carton ctn case cs 箱", "box boxe bx 盒", "pack pk packet 包", "bag 袋", "pallet plt 托 托盘 板",
  "roll rl 卷", "reel drum 盘", "set 套 组", "pair pr 对 双", "bundle 捆 扎", "metre meter m mtr 米", "kilogram kg kilo 千克 公斤", "litre liter l 升",
].map((group) => group.split(" "));
const stem = (word) => {
  const plain = (word ?? "").trim().toLowerCase().replace(/\.$/, "");
  return plain.length > 2 && plain.endsWith("s") ? plain.slice(0, -1) : plain;
};
const same = (word, name) => SAME.some((group) => group.includes(word) && group.includes(name));
const FULL_WIDTH = /[０-９．，]/g;

/* thousands as the page's language writes them; every other separator is the server's to judge */
const marks = Object.fromEntries(new Intl.NumberFormat(document.documentElement.lang || "en").formatToParts(12345.6).map((part) => [part.type, part.value]));
const THOUSANDS = marks.group === "," && marks.decimal === "." ? /^[1-9]\d{0,2}(,\d{3})+(?![\d,])/ : /(?!)/;

class Quantity extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input) return;
    this.hint = this.say?.textContent ?? "";
    this.settled = this.input.value;
    this.known = this.input.value;
    this.greet();
    this.measure();
    this.addEventListener("input", () => this.measure());
    this.addEventListener("change", this, true);
    this.addEventListener("keydown", this);
    this.addEventListener("click", this);
    this.addEventListener("focusin", this);
  }

  /* a quantity that stands there already is put in packs, unless the server has something to say about it */
  greet() {
    const pieces = this.read(this.input.value);
    if (pieces > 0 && this.pack > 1 && pieces % this.pack === 0 && !this.say?.dataset.state) {
      this.tell(fill(words.equals, { quantity: figure(pieces), packs: this.packs(pieces) }));
    }
  }

  handleEvent(event) {
    if (event.type === "change") this.settle();
    else if (event.type === "focusin" && event.target === this.input) this.input.select();
    else if (event.type === "click") this.click_(event);
    else if (event.type === "keydown" && event.target === this.input) this.key(event);
  }

  /* a number that is too long for the field gets the room of the buttons beside it */
  measure() {
    delete this.dataset.long;
    if (this.input.scrollWidth > this.input.clientWidth) this.dataset.long = "";
  }

  click_(event) {
    const button = event.target.closest("[data-step]");
    if (button && !this.input.disabled) this.step(Number(button.dataset.step));
  }

  key(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      this.step(event.key === "ArrowUp" ? 1 : -1);
    } else if (event.key === "Enter") {
      this.next(event);
    } else if (event.key === "Escape") {
      this.input.value = this.settled;
      this.tell("");
      /* the server refused what is gone now, and hears the number that stands again */
      if (this.closest("form[data-qd-refused]")) this.input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /* the server may have put another one in its place */
  get say() { return this.querySelector("output"); }
  /* whether the form saves each entry by itself */
  get live() { return Boolean(this.closest("form[data-qd-live]")); }
  get pack() { return Number(this.dataset.pack) || 1; }
  get least() { return Number(this.dataset.min) || 0; }
  get most() { return this.dataset.max ? Number(this.dataset.max) : Infinity; }

  /* pieces in the text, NaN when it is not a quantity this script is sure of */
  read(text) {
    const plain = this.plain(text);
    if (plain === "") return 0;
    const found = /^(\d+(?:\.\d+)?)\s*([^\d.,]*)$/.exec(plain);
    if (!found) return NaN;
    const per = this.per(found[2].trim().replace(/\.$/, ""));
    return exact(Number(found[1]) * per);
  }

  plain(text) {
    const half = text.trim().toLowerCase().replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
    return half.replace(THOUSANDS, (number) => number.replaceAll(",", ""));
  }

  /* "1,250", "1,5", "1 250", "3 boxes" of what comes in cartons: what a separator or a word means is the server's to say,
     so the text goes there as it is */
  unsure(text) {
    return /^\d*(?:[.,'’\s\u00a0\u202f]?\d+)+[^\d.,]*$/.test(this.plain(text)) && Number.isNaN(this.read(text));
  }

  /* what one of this word is in the product's units; NaN for a word that is none of its own: the server says what that is */
  per(typed) {
    const word = stem(typed);
    const unit = stem(this.dataset.unit);
    if (word === "" || word === unit) return 1;
    const packs = Object.entries(JSON.parse(this.dataset.units || "{}")).map(([name, size]) => [stem(name), Number(size)]);
    if (this.pack > 1) packs.push(...[this.dataset.packUnit, this.dataset.packUnits].filter(Boolean).map((name) => [stem(name), this.pack]));
    const found = packs.find(([name]) => name === word) ?? packs.find(([name]) => same(word, name));
    if (found) return found[1];
    return same(word, unit) ? 1 : NaN;
  }

  packs(pieces) {
    const count = pieces / this.pack;
    const unit = count === 1 ? this.dataset.packUnit : this.dataset.packUnits || this.dataset.packUnit;
    return unit && this.pack > 1 ? `${figure(count)} ${unit}` : `${figure(count)} × ${figure(this.pack)}`;
  }

  /* makes the text a quantity that can be ordered, says what was changed; false when it cannot be read */
  settle() {
    const typed = this.input.value;
    const pieces = this.read(typed);
    if (this.unsure(typed)) {
      this.settled = typed;
      this.tell("");
      return true;
    }
    if (Number.isNaN(pieces)) {
      this.tell(fill(words.unreadable, { text: typed, unit: this.dataset.packUnit || this.dataset.unit }), "error");
      return false;
    }
    this.say_(typed, pieces, this.fit(pieces));
    return true;
  }

  fit(pieces) {
    if (pieces <= 0) return 0;
    const up = (n) => exact(Math.ceil(exact(n / this.pack)) * this.pack);
    const fitted = Math.max(up(pieces), up(this.least));
    return fitted > this.most ? exact(Math.floor(exact(this.most / this.pack)) * this.pack) : fitted;
  }

  say_(typed, pieces, fitted) {
    const values = { quantity: figure(fitted), packs: this.packs(fitted), min: figure(this.least), max: figure(this.most) };
    this.input.value = typed.trim() === "" ? "" : String(fitted);
    this.settled = this.input.value;
    const unit = this.querySelector("[data-unit-shown]");
    if (unit) unit.textContent = fitted === 1 ? this.dataset.unit : this.dataset.unitPlural || this.dataset.unit;
    if (fitted > pieces && pieces < this.least) this.tell(fill(words.minimum, values), "low");
    else if (fitted > pieces) this.tell(fill(this.pack > 1 ? words.rounded : words.whole, values), "low");
    else if (fitted < pieces) this.tell(fill(words.maximum, values), "low");
    else if (fitted && this.pack > 1) this.tell(fill(words.equals, values));
    else this.tell("");
    this.measure();
  }

  tell(sentence, state = "") {
    this.input.toggleAttribute("aria-invalid", state === "error");
    if (state === "error") this.input.setAttribute("aria-invalid", "true");
    if (!this.say) return;
    this.say.textContent = sentence || this.hint;
    if (state) this.say.dataset.state = state;
    else delete this.say.dataset.state;
  }

  step(by) {
    const now = this.read(this.input.value);
    const base = Number.isNaN(now) ? 0 : now;
    const stride = Math.max(this.pack, 1);
    const floor = exact(Math.ceil(exact(this.least / stride)) * stride);
    let to = exact(base + by * stride);
    if (by < 0 && base <= floor) to = 0;
    this.input.value = String(Math.max(0, to));
    this.measure();
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* Enter: the next row. A form with this one field submits as usual, unless it saves each entry by itself. Leaving
     the field fires its change event, once: what was changed is said once, and sent once. */
  next(event) {
    const scope = this.closest("[data-qd-rows], table, .qd-product-grid, .qd-hits") ?? this.closest("form") ?? document;
    const fields = [...scope.querySelectorAll("qd-quantity input:not(:disabled)")];
    const changed = this.input.value !== this.settled;
    const unreadable = changed && Number.isNaN(this.read(this.input.value)) && !this.unsure(this.input.value);
    if (fields.length < 2 && !this.live) {
      if (unreadable) event.preventDefault();
      return;
    }
    event.preventDefault();
    const target = unreadable ? undefined : fields[fields.indexOf(this.input) + (event.shiftKey ? -1 : 1)];
    if (target) {
      target.focus();
      return;
    }
    this.input.blur();
    if (unreadable || fields.length < 2) this.input.focus();
  }

  /* the entry that goes to the server now */
  leave() { this.known = this.input.value; }

  /* what the server keeps, unless something has been typed or tapped that it does not know yet */
  take(value) {
    if (this.input.value !== this.known || this.input.value === value) return;
    this.input.value = value;
    this.known = value;
    this.settled = value;
    this.measure();
  }
}

if (!customElements.get("qd-quantity")) customElements.define("qd-quantity", Quantity);
