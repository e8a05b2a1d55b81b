/* The room an exam is sat in: every answer is saved as it is given. What cannot be sent waits on this device, survives a
   reload and a closed tab, and is sent when there is a connection again. The clock is the server's. */

const RETRY = [1000, 2000, 4000, 8000, 15000];
const TYPING = 700;
const WARNINGS = [10, 1]; // minutes

class ExamRoom extends HTMLElement {
  connectedCallback() {
    this.store = `qudao-exam:${document.body.dataset.qdPerson}:${this.dataset.key}`;
    this.queue = this.kept();
    this.failures = 0;
    this.savedAt = null;
    this.questions = new Map([...this.querySelectorAll(".qd-question")].map((each) => [Number(each.dataset.position), each]));
    if (this.dataset.remaining) this.setClock(Number(this.dataset.remaining));
    for (const [position, entry] of this.queue) this.bringBack(position, entry);
    this.addEventListener("input", (event) => this.changed(event, TYPING));
    this.addEventListener("change", (event) => this.changed(event, 0));
    this.querySelector("[data-hand-in]").addEventListener("click", (event) => this.confirm(event));
    this.querySelector("[data-cancel]").addEventListener("click", () => this.dialog.close());
    this.dialog.querySelector("form").addEventListener("submit", (event) => this.handIn(event));
    this.querySelector("#paper").addEventListener("submit", (event) => event.preventDefault());
    addEventListener("online", () => this.flush());
    addEventListener("offline", () => this.show());
    addEventListener("visibilitychange", () => (document.hidden ? this.flush() : this.refresh()));
    this.ticking = setInterval(() => this.tick(), 500);
    this.keep();
    if (this.queue.size) this.flush();
    else if (this.querySelector(".qd-question[data-done]")) this.text("[data-saved]", this.say("saySaved"));
    this.show();
    this.tick();
  }

  disconnectedCallback() { clearInterval(this.ticking); }

  get dialog() { return this.querySelector("[data-confirm]"); }

  say(name, values = {}) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.dataset[name] ?? "");
  }

  /* --- what waits --- */

  kept() {
    try {
      return new Map(JSON.parse(localStorage.getItem(this.store) ?? "[]"));
    } catch {
      return new Map();
    }
  }

  keep() {
    try {
      if (this.queue.size) localStorage.setItem(this.store, JSON.stringify([...this.queue]));
      else localStorage.removeItem(this.store);
    } catch { /* private windows may refuse; what waits is still in memory */ }
  }

  /* an answer that waited through a reload is newer than what the server had, or the server has a newer one */
  bringBack(position, entry) {
    const question = this.questions.get(position);
    if (!question || entry.sequence <= Number(question.dataset.sequence)) {
      this.queue.delete(position);
      return;
    }
    question.dataset.sequence = entry.sequence;
    fill(question, entry.answer);
    this.mark(question, entry.answer);
  }

  changed(event, wait) {
    const question = event.target.closest(".qd-question");
    if (!question) return;
    if (event.type === "change" && event.target.matches("select")) swap(event.target);
    const text = event.target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (event.type === "input" && !text) return; // its change follows
    const answer = read(question);
    if (event.type === "change" && text && JSON.stringify(answer) === question.last) return this.flush();
    question.last = JSON.stringify(answer);
    const position = Number(question.dataset.position);
    question.dataset.sequence = Number(question.dataset.sequence) + 1;
    this.queue.set(position, { sequence: Number(question.dataset.sequence), answer, at: Date.now() });
    this.keep();
    this.mark(question, answer);
    this.problem(question, "");
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }

  /* --- sending --- */

  async flush() {
    clearTimeout(this.timer);
    if (this.sending || !this.queue.size) return this.sending;
    this.sending = this.send();
    try {
      await this.sending;
    } finally {
      this.sending = null;
    }
    if (this.queue.size && !this.over) this.timer = setTimeout(() => this.flush(), this.failures ? RETRY[Math.min(this.failures, RETRY.length) - 1] : 0);
  }

  async send() {
    const sent = [...this.queue];
    const answers = sent.map(([position, { sequence, answer, at }]) => ({ position, sequence, answer, waited_ms: Math.max(0, Date.now() - at) }));
    this.show();
    let response;
    try {
      response = await fetch(this.dataset.answers, { method: "PUT", keepalive: true, body: JSON.stringify({ answers }), headers: this.headers });
    } catch {
      return this.failed();
    }
    if (response.status === 401 || response.status === 403) return this.failed(this.say("saySession"));
    if (response.status === 409) return this.leave();
    if (!response.ok) return this.failed();
    const said = await response.json();
    this.failures = 0;
    this.alert("");
    for (const outcome of said.answers) this.settle(outcome);
    this.savedAt = performance.now();
    if (said.remaining_ms !== null) this.setClock(said.remaining_ms);
    this.keep();
    this.show();
  }

  get headers() {
    return { "Content-Type": "application/json", "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]").value, "X-Requested-With": "fetch" };
  }

  settle({ position, outcome, answer, sequence, problem }) {
    const question = this.questions.get(position);
    const waiting = this.queue.get(position);
    const isNewer = waiting && waiting.sequence > sequence && outcome === "saved";
    if (outcome === "saved" || outcome === "same") {
      if (!isNewer) this.queue.delete(position);
      return;
    }
    this.queue.delete(position);
    question.dataset.sequence = Math.max(sequence, Number(question.dataset.sequence));
    if (outcome === "refused") return this.problem(question, problem.message);
    fill(question, answer);
    question.dataset.sequence = sequence;
    this.mark(question, answer);
    this.problem(question, outcome === "too_late" ? this.say("sayLate") : this.say("sayElsewhere"));
  }

  failed(message) {
    this.failures += 1;
    this.alert(message ?? this.say("sayOffline", { count: this.queue.size }));
    this.show();
  }

  /* another window or device may have answered meanwhile */
  async refresh() {
    if (this.queue.size) return this.flush();
    let response;
    try {
      response = await fetch(this.dataset.attempt, { headers: this.headers });
    } catch {
      return;
    }
    if (!response.ok) return;
    const said = await response.json();
    if (said.status !== "running") return this.leave();
    if (said.remaining_ms !== null) this.setClock(said.remaining_ms);
    for (const { position, answer, sequence } of said.questions) {
      const question = this.questions.get(position);
      if (sequence <= Number(question.dataset.sequence)) continue;
      question.dataset.sequence = sequence;
      fill(question, answer);
      this.mark(question, answer);
    }
  }

  /* --- the clock --- */

  setClock(remaining) {
    this.ends = performance.now() + remaining;
    this.warned ??= Math.ceil(remaining / 60000);
  }

  tick() {
    if (this.savedAt !== null && !this.queue.size) {
      const seconds = Math.round((performance.now() - this.savedAt) / 1000);
      this.text("[data-saved]", seconds < 2 ? this.say("saySaved") : this.say("saySavedAgo", { seconds }));
    }
    if (this.ends === undefined) return;
    const left = Math.max(0, this.ends - performance.now());
    const seconds = Math.ceil(left / 1000);
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
    const pad = (number) => String(number).padStart(2, "0");
    this.text("[data-clock]", `${hours ? `${hours}:` : ""}${hours ? pad(minutes) : minutes}:${pad(seconds % 60)}`);
    for (const minute of WARNINGS) {
      if (left > 0 && left <= minute * 60000 && this.warned > minute) {
        this.warned = minute;
        this.alert(this.say("sayWarning", { minutes: minute }));
      }
    }
    this.querySelector("[data-clock]").toggleAttribute("data-short", left < 60000);
    if (!left && !this.over) this.timeIsUp();
  }

  async timeIsUp() {
    this.over = true;
    this.alert(this.say("sayOver"));
    await this.flush();
    this.submit();
  }

  /* --- the end --- */

  confirm(event) {
    event.preventDefault();
    const open = [...this.questions].filter(([, question]) => !question.hasAttribute("data-done")).map(([position]) => position);
    this.text("[data-open-questions]", open.length ? this.say("sayOpen", { numbers: open.join(", ") }) : this.say("sayAll"));
    this.dialog.showModal();
  }

  async handIn(event) {
    event.preventDefault();
    await this.flush();
    if (this.queue.size) {
      this.dialog.close();
      return;
    }
    this.submit();
  }

  submit() {
    this.dialog.querySelector("form").submit();
  }

  leave() {
    this.queue.clear();
    this.keep();
    location.assign(this.dataset.result);
  }

  /* --- showing --- */

  show() {
    const count = this.queue.size;
    const saved = this.querySelector("[data-saved]");
    saved.toggleAttribute("data-waiting", count > 0);
    if (count) saved.textContent = this.failures ? "" : this.say("saySaving");
    if (count && !navigator.onLine) this.alert(this.say("sayOffline", { count }));
    this.text("[data-answered]", [...this.questions.values()].filter((each) => each.hasAttribute("data-done")).length);
  }

  mark(question, answer) { question.toggleAttribute("data-done", answer !== null); }

  problem(question, message) {
    const place = question.querySelector("[data-problem]");
    place.textContent = message;
    place.hidden = !message;
  }

  alert(message) {
    const place = this.querySelector("[data-alert]");
    if (place.textContent !== message) place.textContent = message;
    place.hidden = !message;
  }

  text(selector, text) {
    const place = this.querySelector(selector);
    if (place && place.textContent !== String(text)) place.textContent = text;
  }
}

/* --- answers of a question: from its fields and back --- */

const fieldsOf = (question) => [...question.querySelectorAll("[data-field]")];
const keyOf = (name) => name.slice(name.lastIndexOf("-") + 1);

function read(question) {
  const fields = fieldsOf(question);
  if (question.dataset.kind !== "case") return readField(fields[0]);
  const parts = fields.map((field) => [field.dataset.part, readField(field)]).filter(([, answer]) => answer !== null);
  return parts.length ? Object.fromEntries(parts) : null;
}

function readField(field) {
  const inputs = [...field.querySelectorAll("input, select, textarea")];
  const filled = inputs.filter((each) => each.value !== "");
  switch (field.dataset.field) {
    case "single": return inputs.find((each) => each.checked)?.value ?? null;
    case "true_false": return { true: true, false: false }[inputs.find((each) => each.checked)?.value] ?? null;
    case "multiple": return nothing(inputs.filter((each) => each.checked).map((each) => each.value));
    case "fill_in": return filled.length ? inputs.map((each) => each.value) : null;
    case "ordering": return nothing(filled.sort((one, other) => one.value - other.value).map((each) => keyOf(each.name)));
    case "matching": return filled.length ? Object.fromEntries(filled.map((each) => [keyOf(each.name), each.value])) : null;
    default: return inputs[0].value || null;
  }
}

const nothing = (list) => (list.length ? list : null);

function fill(question, answer) {
  for (const field of fieldsOf(question)) {
    fillField(field, question.dataset.kind === "case" ? answer?.[field.dataset.part] ?? null : answer);
  }
}

function fillField(field, answer) {
  const inputs = [...field.querySelectorAll("input, select, textarea")];
  const chosen = Array.isArray(answer) ? answer : [String(answer)];
  inputs.forEach((each, at) => {
    if (each.type === "radio" || each.type === "checkbox") each.checked = chosen.includes(each.value);
    else if (field.dataset.field === "fill_in") each.value = answer?.[at] ?? "";
    else if (field.dataset.field === "ordering") each.value = answer && answer.includes(keyOf(each.name)) ? answer.indexOf(keyOf(each.name)) + 1 : "";
    else if (field.dataset.field === "matching") each.value = answer?.[keyOf(each.name)] ?? "";
    else each.value = answer ?? "";
  });
}

/* two items cannot have the same place: the other one gets the place that became free, or none */
function swap(select) {
  const field = select.closest("[data-field=ordering]");
  if (!field) return;
  const others = [...field.querySelectorAll("select")].filter((each) => each !== select);
  const taken = others.find((each) => each.value && each.value === select.value);
  if (taken) {
    const used = new Set(others.filter((each) => each !== taken).map((each) => each.value).concat(select.value));
    taken.value = select.dataset.before && !used.has(select.dataset.before) ? select.dataset.before : "";
    taken.dataset.before = taken.value;
  }
  select.dataset.before = select.value;
}

customElements.define("qd-exam-room", ExamRoom);
