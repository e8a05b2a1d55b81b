/* Forms of the back office: nothing that somebody typed is lost, and nothing is sent twice. Before a form is sent the
   server is asked whether it can be reached and who is signed in; if not, the page stays as it is and says why. */
(() => {
  const words = document.currentScript.dataset;
  const say = (text) => document.dispatchEvent(new CustomEvent("w-messages:add", { bubbles: true, detail: { clear: true, type: "error", text } }));
  const hush = () => document.dispatchEvent(new CustomEvent("w-messages:clear", { bubbles: true }));

  /* One request of a script: the answer; null, and the reason in words, where there is none to use. */
  async function ask(url, options = {}) {
    let answer;
    try {
      answer = await fetch(url, { ...options, headers: { "X-Requested-With": "fetch", ...options.headers } });
    } catch {
      say(words.offline);
      return null;
    }
    if (answer.status === 401) say(words.signedOut);
    else if (answer.ok) return answer;
    else say(words.failed);
    return null;
  }
  window.qudaoOffice = { ask };

  /* who began to fill in this page */
  let person = "";
  const who = (answer) => answer.json().catch(() => null); /* a page: somebody who may not be here, which the server says */
  window.addEventListener("focusin", () => {
    fetch(words.session, { cache: "no-store", headers: { "X-Requested-With": "fetch" } })
      .then(async (answer) => { person ||= (answer.ok && (await who(answer))?.person) || ""; }, () => {});
  }, { once: true });

  async function mayBeSent(form) {
    const answer = await ask(words.session, { cache: "no-store" });
    if (!answer) return false;
    const now = await who(answer);
    if (now && person && now.person !== person) {
      say(words.otherPerson);
      return false;
    }
    /* after signing in again in another tab, the page's own token is an old one */
    for (const field of now ? form.querySelectorAll("[name=csrfmiddlewaretoken]") : []) field.value = now.token;
    return true;
  }

  const asking = new Set();
  const sent = new Set();
  let cleared = null;
  /* by attribute: a button named "action" hides the form's property of this name */
  const isOurs = (form) => form.getAttribute("method")?.toLowerCase() === "post" && !form.hasAttribute("target") && !form.closest(".modal, .w-dialog")
    && new URL(form.getAttribute("action") ?? "", location.href).origin === location.origin;

  window.addEventListener("submit", async (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!isOurs(form) || form === cleared) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (asking.has(form) || sent.has(form)) return;
    asking.add(form);
    const may = await mayBeSent(form);
    asking.delete(form);
    button?.setAttribute("data-w-progress-loading-value", "false");
    if (!may) return;
    hush();
    button?.removeAttribute("disabled"); /* a disabled button would not say which one was pressed */
    cleared = form;
    form.requestSubmit(button);
    cleared = null;
  }, true);
  /* whatever else hears of it may still keep the form from being sent */
  window.addEventListener("submit", (event) => {
    const form = event.target;
    if (!isOurs(form) || event.defaultPrevented) return;
    sent.add(form);
    setTimeout(() => sent.delete(form), 30000); /* as Wagtail's buttons: the answer may have been a file */
    setTimeout(() => event.submitter?.setAttribute("data-w-progress-loading-value", "true"));
    sessionStorage.setItem("qudao-sent", Date.now());
  });

  /* a page that the browser kept is older than what was sent from it */
  window.addEventListener("pageshow", (event) => {
    sent.clear();
    if (event.persisted && sessionStorage.getItem("qudao-sent") > performance.timeOrigin) location.reload();
  });

  /* lists that follow their filters (Wagtail), and what htmx asks for */
  document.addEventListener("w-swap:error", async () => {
    const answer = await ask(words.session, { cache: "no-store" });
    if (answer) say(words.failed);
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault();
    say(words.signedOut);
  });
  document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status !== 401 && say(words.failed));
  for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, () => say(words.offline));
})();
