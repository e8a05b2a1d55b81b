/* What a hand can use on this page: each control gets a number and is told by what it is, not by which row it is in. */
window.hands = {};
if (location.protocol.startsWith("http") && window === top && document.cookie.includes("qudao_hand_afresh=1")) {
  document.cookie = "qudao_hand_afresh=; Max-Age=0; Path=/";
  sessionStorage.clear();
  localStorage.clear();
}
/* The frame around pages: ours, and what Wagtail gives each page of its own. */
hands.SHELL = "#wagtail-sidebar, .sidebar, .w-breadcrumbs, .form-side, [data-side-panel-toggle], .w-slim-header a[href$='/history/'], .w-panel__anchor, .w-field__comment-button, "
  + "#keyboard-shortcuts-dialog, .xdsoft_datetimepicker, wagtail-userbar, .skiplink, .qd-header, .qd-nav, .qd-more-sheet, .qd-skip, #qd-shortcuts, footer:not(.footer)";
/* Wagtail takes what a menu holds out of the page while it is shut; there it keeps its place behind all that is in the page. */
hands.all = () => {
  const wanted = "a[href], button, summary, input:not([type=hidden]), select, textarea";
  const inPage = [...document.querySelectorAll(wanted)].filter((node) => !node.closest("[data-tippy-root]"));
  return [...inPage, ...hands.menus().flatMap((menu) => [...menu._tippy.popper.querySelectorAll(wanted)])];
};
hands.menus = () => [...document.querySelectorAll("[data-w-dropdown-target=toggle]")].filter((node) => node._tippy);
/* What opens a tab, a section or a part of a menu that is hidden now. */
hands.way = (box) => box.id && hands.nodes.find((node) => !box.contains(node)
  && (node.getAttribute("aria-controls") === box.id || node.matches(`[role=tab][href="#${CSS.escape(box.id)}"]`)));
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
  const shell = (node) => Boolean(node.closest(hands.SHELL));
  const found = [];
  hands.nodes = hands.all();
  hands.nodes.forEach((node, number) => {
    node.dataset.hand = number;
    const stands = node.closest("[data-tippy-root]")?._tippy.reference ?? node;
    if (stands.closest(".chooser:not(.blank) > .unchosen, .chooser.blank > .chosen")) return; /* of the other state */
    if (node.closest("[hidden]") && !hands.way(node.closest("[hidden]"))) return; /* not there now */
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
      number, kind, tag, type: node.type ?? "", role: node.getAttribute("role") ?? "", name: node.name ?? "", id: node.id,
      key: `${kind} ${target ? `[${target}] ` : ""}${what}${more}${step}`,
      method: form?.method ?? "", form: form ? [...document.forms].indexOf(form) : -1,
      live: Boolean(form?.matches("[data-qd-live]")), follows: Boolean(form?.matches("[data-controller~=w-swap]")), shell: shell(node),
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

/* In sight, or in a menu, a tab or a section of the back office that can be opened. */
hands.inSight = () => hands.nodes.filter((node) => (node.checkVisibility() && node.getClientRects().length)
  || (node.closest("[hidden], [data-tippy-root]") && hands.cover(node.dataset.hand) !== null)).map((node) => Number(node.dataset.hand));

/* The rows of which one has to be chosen before the control can do something. */
hands.rows = (number) => {
  const node = hands.nodes[number];
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
  const by = (node) => (node.checkVisibility({ visibilityProperty: true }) ? node.dataset.hand : hands.cover(node.dataset.hand));
  for (at = hands.nodes[number]; at; at = at.parentElement) {
    const up = at.parentElement;
    if (at.matches("[hidden]") && hands.way(at)) return by(hands.way(at));
    if (at.matches("[data-tippy-root]") && !at._tippy.state.isVisible) return by(at._tippy.reference);
    if (at.matches("[data-bulk-action-footer].hidden")) return document.querySelector("[data-bulk-action-checkbox]")?.dataset.hand ?? null;
    if (at.matches(".w-dialog[aria-hidden=true]")) return press(`[data-a11y-dialog-show="${at.id}"]`);
    if (up?.matches("details:not([open])") && !at.matches("summary")) return up.querySelector("summary").dataset.hand;
    if (at.matches("#qd-shortcuts:not([open])")) return "?";
    if (at.matches("dialog:not([open])")) return press(`[data-qd-open="${at.id}"]`);
    if (at.matches("[popover]:not(:popover-open)") && !at.checkVisibility()) return press(`[popovertarget="${at.id}"]`);
  }
  return null;
};
