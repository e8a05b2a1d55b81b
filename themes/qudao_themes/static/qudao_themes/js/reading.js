/* Pages that are read: drawings to zoom into, the heading one is at, the place one left. */

const words = document.getElementById("qd-words")?.dataset ?? {};

/* <qd-zoom><a href="large"><img></a></qd-zoom>: without this script the link opens the large picture */
class Zoom extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      this.open(link);
    });
  }

  open(link) {
    const dialog = document.createElement("dialog");
    dialog.className = "qd-zoom-view";
    const stage = dialog.appendChild(document.createElement("div"));
    const image = stage.appendChild(new Image());
    const [width, height] = [Number(link.dataset.width) || 1600, Number(link.dataset.height) || 1200];
    image.alt = link.querySelector("img")?.alt ?? "";
    image.src = link.href;
    const fit = () => Math.min(innerWidth / width, innerHeight / height, 1);
    let scale = fit();
    const show = (next, x = stage.clientWidth / 2, y = stage.clientHeight / 2) => {
      const wanted = Math.min(Math.max(next, fit()), 4);
      const [left, top] = [(stage.scrollLeft + x) / scale, (stage.scrollTop + y) / scale];
      scale = wanted;
      image.width = width * scale;
      image.height = height * scale;
      stage.scrollLeft = left * scale - x;
      stage.scrollTop = top * scale - y;
    };
    dialog.append(this.buttons(dialog, { "+": () => show(scale * 1.5), "−": () => show(scale / 1.5) }));
    image.addEventListener("click", (event) => show(scale > fit() * 1.01 ? fit() : Math.max(1, fit() * 2.5), event.clientX, event.clientY));
    stage.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      show(scale * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
    }, { passive: false });
    this.pinch(stage, () => scale, show);
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "+" || event.key === "=") show(scale * 1.5);
      if (event.key === "-") show(scale / 1.5);
    });
    dialog.addEventListener("close", () => { dialog.remove(); link.focus(); });
    document.body.append(dialog);
    dialog.showModal();
    show(scale);
  }

  buttons(dialog, acts) {
    const row = document.createElement("p");
    for (const [sign, act] of Object.entries({ ...acts, "×": () => dialog.close() })) {
      const button = row.appendChild(document.createElement("button"));
      button.type = "button";
      button.className = "qd-button";
      button.dataset.square = "";
      button.textContent = sign;
      button.setAttribute("aria-label", { "+": words.zoomIn, "−": words.zoomOut }[sign] ?? words.close ?? sign);
      button.addEventListener("click", act);
    }
    return row;
  }

  /* two fingers: the distance between them is the scale, the middle stays where it is */
  pinch(stage, scale, show) {
    let start = 0;
    let from = 1;
    const spread = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
    stage.addEventListener("touchstart", (event) => {
      if (event.touches.length === 2) [start, from] = [spread(event.touches), scale()];
    }, { passive: true });
    stage.addEventListener("touchmove", (event) => {
      if (event.touches.length !== 2 || !start) return;
      event.preventDefault();
      const [a, b] = event.touches;
      show((from * spread(event.touches)) / start, (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    }, { passive: false });
  }
}
customElements.define("qd-zoom", Zoom);

/* the heading one is at, marked in the contents */
const anchors = new Map([...document.querySelectorAll(".qd-contents-anchors a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
const headings = [...anchors.keys()].map((id) => document.getElementById(id)).filter(Boolean);
const mark = () => {
  const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  for (const link of anchors.values()) link.toggleAttribute("data-here", link === anchors.get(passed.at(-1)?.id));
};
if (headings.length) addEventListener("scroll", mark, { passive: true });

/* the contents sheet closes when one goes to a heading of this page */
document.addEventListener("click", (event) => {
  const link = event.target.closest(".qd-contents-sheet a[href^='#']");
  const sheet = link?.closest("[popover]");
  if (sheet?.matches(":popover-open")) sheet.hidePopover();
});

/* printed answers are open answers */
addEventListener("beforeprint", () => { for (const each of document.querySelectorAll(".qd-questions details")) each.open = true; });
const asked = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
if (asked?.matches("details")) asked.open = true;

/* the place one left: kept on this device for the last 200 pages, and the last page of each book */
const article = document.querySelector("[data-qd-place]");
const KEY = "qd-places";
const read = () => { try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; } };
if (article) {
  const name = article.dataset.qdPlace;
  const book = article.dataset.qdBook;
  const before = read()[name];
  const wasLast = !book || read()[`book:${book}`]?.name === name;
  if (before?.y && wasLast && !location.hash) scrollTo(0, before.y);
  const keep = () => {
    const places = { ...read(), [name]: { y: Math.round(scrollY), at: Date.now() } };
    if (book) places[`book:${book}`] = { name, title: document.querySelector("h1")?.textContent, at: Date.now() };
    const kept = Object.entries(places).sort((a, b) => b[1].at - a[1].at).slice(0, 200);
    try { localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept))); } catch { /* no room: nothing is kept */ }
  };
  addEventListener("pagehide", keep);
}
const again = document.querySelector("[data-qd-continue]");
const last = again && read()[`book:${again.dataset.qdContinue}`];
if (last?.name) {
  const link = again.querySelector("a");
  link.href = last.name;
  link.append(last.title ?? "");
  again.hidden = false;
}
mark();
