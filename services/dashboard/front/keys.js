// Keyboard ways; off while somebody types.
import { tinykeys } from "tinykeys";

const go = (address) => () => window.location.assign(address);

function typing(event) {
  return event.target.closest?.("input, textarea, select, [contenteditable]");
}

function quiet(action) {
  return (event) => {
    if (typing(event)) return;
    event.preventDefault();
    action(event);
  };
}

function focusSearch() {
  const boxes = [...document.querySelectorAll("[data-search]")];
  const visible = boxes.find((box) => box.offsetParent !== null);
  if (visible) visible.focus();
  else window.location.assign("/search");
}

function move(step) {
  const rows = [...document.querySelectorAll("tr.is-link a[href], a.choice")];
  const at = rows.indexOf(document.activeElement);
  rows[Math.min(Math.max(at + step, 0), rows.length - 1)]?.focus();
}

tinykeys(window, {
  "/": quiet(focusSearch),
  "$mod+KeyK": (event) => { event.preventDefault(); focusSearch(); },
  "n": quiet(go("/bookings/new")),
  "g p": quiet(go("/customers")),
  "g t": quiet(go("/invoices")),
  "g b": quiet(go("/payments")),
  "g r": quiet(go("/recaps")),
  "j": quiet(() => move(1)),
  "k": quiet(() => move(-1)),
  "?": quiet(go("/help")),
  "Escape": () => {
    for (const menu of document.querySelectorAll("details.menu-pop[open]")) menu.open = false;
  },
});
