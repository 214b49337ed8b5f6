// The one stream of the page: rows that arrive, regions that ask again, the mark in the header.
import { Idiomorph } from "idiomorph/dist/idiomorph-ext.esm.js";

// A menu or list that the reader opened stays open when its region is drawn again.
Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) =>
  !(name === "open" && node.tagName === "DETAILS");

const body = document.body;
const feed = { paused: false, unseen: 0, spoken: 0, waiting: 0 };

function rowsIn(text) {
  const holder = document.createElement("template");
  holder.innerHTML = `<table><tbody>${text}</tbody></table>`;
  return [...holder.content.querySelectorAll("tr[id]")];
}

function place(list, row) {
  const present = document.getElementById(row.id);
  if (present) {
    present.replaceWith(row);
    return false;
  }
  list.prepend(row);
  while (list.rows.length > Number(list.dataset.rowsMax || 50)) list.lastElementChild.remove();
  return true;
}

function speak(count) {
  feed.waiting += count;
  const now = Date.now();
  const region = document.getElementById("live-speech");
  if (!region || !feed.waiting || now - feed.spoken < 10000) return;
  region.textContent = `${feed.waiting} pembayaran baru`;
  feed.spoken = now;
  feed.waiting = 0;
}

function countUnseen(count) {
  const pill = document.getElementById("feed-pill");
  if (!pill || window.scrollY < 160) return;
  feed.unseen += count;
  pill.querySelector("[data-count]").textContent = String(feed.unseen);
  pill.hidden = feed.unseen === 0;
}

body.addEventListener("htmx:sseBeforeMessage", (event) => {
  const list = event.target.closest("[data-feed]");
  if (!list) return;
  event.preventDefault();
  if (feed.paused) return;
  document.getElementById("feed-empty")?.remove();
  const added = rowsIn(event.detail.data).filter((row) => place(list, row)).length;
  window.htmx.process(list);
  speak(added);
  countUnseen(added);
});

// A region in which somebody types, or from which a form is on its way, is left alone.
function inUse(region) {
  if (!region.matches("[data-quiet]")) return false;
  const field = "input:not([type=hidden]), textarea, select";
  const typing = region.contains(document.activeElement) && document.activeElement.matches(field);
  return typing || region.querySelector(`details[open] :is(${field}), form[data-sent]`) !== null;
}

// What the reading services know may follow the event by a moment: a region asks again.
body.addEventListener("htmx:beforeRequest", (event) => {
  const cause = event.detail.requestConfig?.triggeringEvent?.type ?? "";
  const region = event.detail.elt;
  if ((feed.paused && region.matches("[data-pausable]")) || inUse(region)) {
    event.preventDefault();
    return;
  }
  if (cause.startsWith("sse:") && region.id) {
    const id = region.id;
    for (const wait of [500, 1400]) {
      setTimeout(() => {
        const present = document.getElementById(id);
        if (present) window.htmx.trigger(present, "again");
      }, wait);
    }
  }
});

// More was missed than can be replayed: every live region asks for itself again.
body.addEventListener("sse:reset", () => {
  for (const region of document.querySelectorAll("[hx-trigger*='again']")) {
    window.htmx.trigger(region, "again");
  }
});

body.addEventListener("htmx:sseOpen", () => body.classList.remove("live-off"));
body.addEventListener("htmx:sseError", () => body.classList.add("live-off"));

window.addEventListener("scroll", () => {
  if (window.scrollY >= 160 || !feed.unseen) return;
  feed.unseen = 0;
  const pill = document.getElementById("feed-pill");
  if (pill) pill.hidden = true;
}, { passive: true });

export { feed };
