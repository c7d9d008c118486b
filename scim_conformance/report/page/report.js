// The filters of report.html. The page is whole without this script; nothing here makes markup out of text.
(() => {
  "use strict";
  const find = (id) => document.getElementById(id);
  const rows = [...document.querySelectorAll("#scim-rows > .check")];
  const chips = [...document.querySelectorAll("#scim-filters .chip")];
  const text = find("scim-text");
  const selects = { level: find("scim-level"), area: find("scim-area"), order: find("scim-order") };
  const texts = new Map();
  const original = new Map(rows.map((row, position) => [row, position]));

  const textOf = (row) => {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  };
  const pressed = () => chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.verdict);
  const press = (chip, on) => chip.setAttribute("aria-pressed", String(on));
  const visible = () => rows.filter((row) => !row.hidden);

  function apply() {
    const verdicts = pressed();
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { level, area } = selects;
    for (const row of rows) {
      row.hidden = !(
        (!verdicts.length || verdicts.includes(row.dataset.verdict)) &&
        (!level.value || level.value === row.dataset.level) &&
        (!area.value || area.value === row.dataset.area) &&
        words.every((word) => textOf(row).includes(word))
      );
    }
    const number = visible().length;
    find("scim-shown").textContent = number === rows.length ? `${number} checks` : `${number} of ${rows.length} checks`;
    find("scim-nothing").hidden = number > 0;
  }

  function arrange() {
    const by = {
      area: (a, b) => a.dataset.area.localeCompare(b.dataset.area),
      id: (a, b) => a.dataset.id.localeCompare(b.dataset.id),
      time: (a, b) => b.dataset.seconds - a.dataset.seconds,
    }[selects.order.value];
    const sorted = [...rows].sort((a, b) => (by ? by(a, b) : 0) || original.get(a) - original.get(b));
    find("scim-rows").append(...sorted);
    rows.splice(0, rows.length, ...sorted);
  }

  // The filters stand in the address, so that a filtered page can be passed on.
  function remember() {
    const state = new URLSearchParams();
    if (pressed().length) state.set("verdict", pressed().join(","));
    for (const [name, select] of Object.entries(selects)) if (select.value) state.set(name, select.value);
    if (text.value) state.set("text", text.value);
    try {
      history.replaceState(null, "", state.size ? `#${state}` : location.pathname + location.search);
    } catch {
      // Some viewers of files allow no change of the address.
    }
  }

  function changed() {
    apply();
    remember();
  }

  function recall() {
    const hash = location.hash.slice(1);
    if (hash.startsWith("check-")) return show(find(hash));
    const state = new URLSearchParams(hash);
    if (![...state.keys()].some((name) => ["verdict", "level", "area", "order", "text"].includes(name))) return;
    const verdicts = (state.get("verdict") || "").split(",");
    chips.forEach((chip) => press(chip, verdicts.includes(chip.dataset.verdict) && !chip.disabled));
    for (const [name, select] of Object.entries(selects)) {
      select.value = state.get(name) || "";
      if (select.selectedIndex < 0) select.value = "";
    }
    text.value = state.get("text") || "";
    arrange();
    apply();
  }

  function show(row) {
    if (!row) return;
    if (row.hidden) reset();
    row.open = true;
    row.scrollIntoView({ block: "start" });
    row.querySelector("summary").focus({ preventScroll: true });
  }

  function reset() {
    chips.forEach((chip) => press(chip, false));
    text.value = "";
    for (const select of Object.values(selects)) select.value = "";
    arrange();
    apply();
  }

  function step(forward) {
    const shown = visible();
    const here = shown.indexOf(document.activeElement?.closest(".check"));
    const next = shown[here < 0 ? 0 : Math.min(Math.max(here + forward, 0), shown.length - 1)];
    next?.querySelector("summary").focus();
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.closest("input, select, textarea");
    if (event.key === "Escape" && event.target === text) {
      text.value = "";
      changed();
    } else if (!typing && event.key === "/") {
      event.preventDefault();
      text.focus();
    } else if (!typing && (event.key === "j" || event.key === "k")) {
      step(event.key === "j" ? 1 : -1);
    }
  }

  chips.forEach((chip) =>
    chip.addEventListener("click", () => {
      press(chip, chip.getAttribute("aria-pressed") !== "true");
      changed();
    }),
  );
  text.addEventListener("input", changed);
  selects.level.addEventListener("change", changed);
  selects.area.addEventListener("change", changed);
  selects.order.addEventListener("change", () => {
    arrange();
    remember();
  });
  find("scim-filters").addEventListener("submit", (event) => event.preventDefault());
  find("scim-reset").addEventListener("click", () => {
    reset();
    remember();
  });
  find("scim-unfold").addEventListener("click", () => {
    const shown = visible();
    const open = !shown.every((row) => row.open);
    shown.forEach((row) => (row.open = open));
  });
  document.querySelectorAll("[data-area-link]").forEach((link) =>
    link.addEventListener("click", (event) => {
      event.preventDefault();
      reset();
      selects.area.value = link.dataset.areaLink;
      changed();
      find("checks").scrollIntoView();
    }),
  );
  document.addEventListener("keydown", key);
  window.addEventListener("hashchange", recall);
  find("scim-filters").hidden = false;
  find("scim-keys").hidden = false;
  apply();
  recall();
})();
