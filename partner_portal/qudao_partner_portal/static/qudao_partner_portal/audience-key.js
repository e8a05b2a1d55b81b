/* Offers audience keys by name. A datalist with data-qudao-audience (where to ask) belongs to the input data-for;
   with data-adds-to, a chosen key becomes a new line of that textarea instead of the input's value. */
(() => {
  const connect = (list) => {
    const input = document.getElementById(list.dataset.for);
    if (!input || input.dataset.qudaoConnected) return;
    input.dataset.qudaoConnected = "true";
    input.hidden = false;
    input.setAttribute("list", list.id);
    let waiting = 0;
    let asked = null;
    const offer = async () => {
      if (asked === input.value) return;
      asked = input.value;
      const answer = await fetch(`${list.dataset.qudaoAudience}?q=${encodeURIComponent(asked)}`, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return;
      const { results } = await answer.json();
      list.replaceChildren(
        ...results.map(({ key, label }) => Object.assign(document.createElement("option"), { value: key, label })),
      );
    };
    const add = () => {
      const target = document.getElementById(list.dataset.addsTo);
      const known = [...list.options].some((option) => option.value === input.value);
      if (!target || !known) return;
      const lines = target.value.split(/\s+/).filter(Boolean);
      if (!lines.includes(input.value)) lines.push(input.value);
      target.value = lines.join("\n");
      target.dispatchEvent(new Event("change", { bubbles: true }));
      input.value = "";
    };
    input.addEventListener("focus", offer);
    input.addEventListener("input", () => {
      if (list.dataset.addsTo) add();
      clearTimeout(waiting);
      waiting = setTimeout(offer, 200);
    });
  };
  const scan = () => document.querySelectorAll("[data-qudao-audience]").forEach(connect);
  document.addEventListener("DOMContentLoaded", scan);
  document.addEventListener("focusin", scan);
})();
