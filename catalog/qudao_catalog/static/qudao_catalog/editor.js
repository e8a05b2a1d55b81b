/* The attributes of a product follow its type: the fields are fetched anew with everything that has been typed. */
(() => {
  const place = document.querySelector("[data-qudao-attributes]");
  const form = place?.closest("form");
  if (!form) return;
  let latest = 0;
  form.addEventListener("change", async (event) => {
    if (!["product_type", "parent"].includes(event.target.name)) return;
    const turn = ++latest;
    place.setAttribute("aria-busy", "true");
    const answer = await window.qudaoOffice.ask(place.dataset.qudaoAttributes, { method: "POST", body: new FormData(form) });
    if (turn !== latest) return;
    if (answer) place.innerHTML = await answer.text();
    place.removeAttribute("aria-busy");
  });
})();
