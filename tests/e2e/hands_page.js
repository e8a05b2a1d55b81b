/* What a hand can use on this page: each control gets a number and is told by what it is, not by which row it is in. */
window.hands = {};
if (location.protocol.startsWith("http") && window === top && document.cookie.includes("qudao_hand_afresh=1")) {
  document.cookie = "qudao_hand_afresh=; Max-Age=0; Path=/";
  sessionStorage.clear();
  localStorage.clear();
}
hands.find = () => {
  const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim().replace(/\d+/g, "#").slice(0, 80);
  const address = (text) => {
    if (!text) return "";
    const url = new URL(text, location.href);
    if (!url.protocol.startsWith("http")) return url.protocol;
    const ours = url.origin === location.origin ? "" : url.origin;
    return plain(ours + (url.pathname === location.pathname ? "" : decodeURI(url.pathname)) + url.search) + (url.hash ? plain(url.hash) : "");
  };
  const words = (node) => plain(node.getAttribute("aria-label") || node.textContent || node.title);
  const shell = (node) => Boolean(node.closest("#wagtail-sidebar, .sidebar, .w-slim-header, .w-breadcrumbs, .form-side, wagtail-userbar, .qd-header, .qd-nav, .qd-more-sheet, .qd-skip, #qd-shortcuts, footer"));
  const found = [];
  const wanted = "a[href], button, summary, input:not([type=hidden]), select, textarea";
  document.querySelectorAll(wanted).forEach((node, number) => {
    node.dataset.hand = number;
    if (node.closest("[hidden]")) return; /* not there now */
    if (node.getAttribute("aria-current") === "true" || (node.type === "submit" && node.ariaPressed === "true")) return; /* what is chosen already */
    const form = node.form ?? node.closest("form");
    const tag = node.tagName.toLowerCase();
    let kind = { a: "link", summary: "button", select: "field", textarea: "field" }[tag];
    if (tag === "input") kind = ["submit", "button", "image"].includes(node.type) ? "submit" : "field";
    if (tag === "button") kind = node.type === "submit" && form ? "submit" : "button";
    const target = form ? `${form.method} ${address(form.getAttribute("action") ?? "")}` : "";
    const name = plain(node.name || node.id);
    const what = kind === "link" ? address(node.getAttribute("href")) : kind === "field" ? name : `${name}=${node.name ? plain(node.value) : words(node)}`;
    const more = kind === "field" && ["checkbox", "radio"].includes(node.type) ? `=${plain(node.value)}` : "";
    const step = node.dataset.step ? ` step ${node.dataset.step}` : "";
    found.push({
      number, kind, tag, type: node.type ?? "", name: node.name ?? "", id: node.id,
      key: `${kind} ${target ? `[${target}] ` : ""}${what}${more}${step}`,
      method: form?.method ?? "", form: form ? [...document.forms].indexOf(form) : -1,
      live: Boolean(form?.matches("[data-qd-live]")), shell: shell(node),
      value: node.value ?? "", checked: Boolean(node.checked), href: tag === "a" ? node.href : "",
      options: tag === "select" ? [...node.options].filter((each) => !each.disabled).map((each) => each.value) : [],
      by_key: node.matches(".qd-skip, .skiplink"), /* shown to the keyboard only */
      disabled: Boolean(node.disabled), readonly: Boolean(node.readOnly), pattern: node.pattern ?? "",
    });
  });
  return found;
};

/* What the page is, apart from hidden fields and where the pointer is. */
hands.shown = () => {
  const body = document.body.cloneNode(true);
  body.querySelectorAll("input[type=hidden], script").forEach((node) => node.remove());
  for (const node of body.querySelectorAll("*")) {
    for (const name of ["data-hand", "class", "aria-busy"]) node.removeAttribute(name);
  }
  const open = [...document.querySelectorAll("[popover]:popover-open, dialog[open]")].map((node) => node.id || node.className);
  const values = [...document.querySelectorAll("input, select, textarea")]
    .map((node) => (["checkbox", "radio"].includes(node.type) ? node.checked : node.value));
  const all = JSON.stringify([location.href, document.documentElement.dataset.theme, open, document.activeElement?.id, values, body.innerHTML]);
  let sum = 7;
  for (let at = 0; at < all.length; at++) sum = (sum * 31 + all.charCodeAt(at)) | 0;
  return `${all.length} ${sum}`;
};

/* Those in sight that a finger cannot press, because something else lies over them. */
hands.covered = () => {
  const over = [];
  for (const node of document.querySelectorAll("[data-hand]")) {
    if (node.disabled || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (node.closest("[popover], dialog, [hidden]")) continue;
    node.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const box = node.getClientRects()[0];
    if (!box || box.width < 2 || box.height < 2) continue; /* drawn by its label */
    const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!found || node.contains(found) || found.contains(node) || [...(node.labels ?? [])].some((each) => each.contains(found))) continue;
    over.push([Number(node.dataset.hand), `${found.tagName} ${found.className}`]);
  }
  scrollTo({ top: 0, behavior: "instant" });
  return over;
};

hands.inSight = () => [...document.querySelectorAll("[data-hand]")].filter((node) => node.checkVisibility() && node.getClientRects().length)
  .map((node) => Number(node.dataset.hand));

/* The rows of which one has to be chosen before the control can do something. */
hands.rows = (number) => {
  const node = document.querySelector(`[data-hand="${number}"]`);
  const dialog = node.closest("dialog[id]");
  const opener = dialog && document.querySelector(`[data-qd-open="${dialog.id}"]`);
  const area = [node, node.form, opener].map((each) => each?.closest("[data-qd-select]")).find(Boolean);
  return [...(area?.querySelectorAll("input[name=order]") ?? [])].map((each) => each.dataset.hand);
};

/* What a control is folded away in: the number of what a hand has to press for it, one layer at each call. */
hands.cover = (number) => {
  let at;
  const press = (selector) => {
    const ways = [...document.querySelectorAll(selector)].filter((each) => !at.contains(each));
    const way = ways.find((each) => each.checkVisibility()) ?? ways[0];
    if (!way) return null;
    return way.checkVisibility() ? way.dataset.hand : hands.cover(way.dataset.hand); /* folded away itself */
  };
  for (at = document.querySelector(`[data-hand="${number}"]`); at; at = at.parentElement) {
    const up = at.parentElement;
    if (up?.matches("details:not([open])") && !at.matches("summary")) return up.querySelector("summary").dataset.hand;
    if (at.matches("#qd-shortcuts:not([open])")) return "?";
    if (at.matches("dialog:not([open])")) return press(`[data-qd-open="${at.id}"]`);
    if (at.matches("[popover]:not(:popover-open)") && !at.checkVisibility()) return press(`[popovertarget="${at.id}"]`);
  }
  return null;
};
