// Keyboard ways; off while somebody types.
import { tinykeys } from "tinykeys";

const go = (address) => () => window.location.assign(address);

function typing(event) {
  return event.target.closest?.("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
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

// An element names its own key: data-key="s" is pressed by s, "K" by Shift and K.
function press(event) {
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  const named = [...document.querySelectorAll("[data-key]")];
  const wanted = named.find((each) => each.dataset.key === event.key && each.offsetParent !== null);
  if (!wanted) return;
  event.preventDefault();
  wanted.click();
}

window.addEventListener("keydown", press);

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
