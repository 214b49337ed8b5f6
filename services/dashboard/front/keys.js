// Keyboard ways; off while somebody types, and where the reader turned them off.
import { tinykeys } from "tinykeys";
import { openKeys, openPalette } from "./palette.js";

const go = (address) => () => window.location.assign(address);
const OFF = "lunas-keys-off";

function typing(event) {
  return event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

function resting(event) {
  return typing(event) || localStorage.getItem(OFF) || document.querySelector("dialog[open]");
}

function quiet(action) {
  return (event) => {
    if (resting(event)) return;
    event.preventDefault();
    action(event);
  };
}

const rows = () => [...document.querySelectorAll("tr.is-link, a.choice")].filter((row) => row.offsetParent !== null);
const link = (row) => (row.matches("a") ? row : row.querySelector("a[href]"));

function move(step) {
  const found = rows();
  const at = found.findIndex((row) => row.contains(document.activeElement));
  const next = found[Math.min(Math.max(at + step, 0), found.length - 1)];
  if (next) link(next)?.focus();
}

function mark() {
  document.activeElement.closest("tr.is-link")?.querySelector("input[type=checkbox]")?.click();
}

// An element names its own key: data-key="s" is pressed by s, "K" by Shift and K.
function press(event) {
  if (resting(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const named = [...document.querySelectorAll("[data-key]")];
  const wanted = named.find((each) => each.dataset.key === event.key && each.offsetParent !== null);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
}

window.addEventListener("keydown", press);

tinykeys(window, {
  "/": quiet(openPalette),
  "$mod+KeyK": (event) => { event.preventDefault(); openPalette(); },
  "n": quiet(go("/bookings/new")),
  "g p": quiet(go("/customers")),
  "g t": quiet(go("/invoices")),
  "g b": quiet(go("/payments")),
  "g r": quiet(go("/recaps")),
  "j": quiet(() => move(1)),
  "k": quiet(() => move(-1)),
  "x": quiet(mark),
  "e": quiet(() => document.querySelector("[data-edit]")?.click()),
  "?": quiet(openKeys),
  "Escape": () => {
    for (const menu of document.querySelectorAll("details.menu-pop[open], details.filter-more[open]")) menu.open = false;
  },
});

export { OFF };
