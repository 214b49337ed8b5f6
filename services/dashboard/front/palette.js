// The search box over the page: arrows move, Enter opens; without it /search does the same.
const palette = document.getElementById("palette");
const box = document.getElementById("palette-box");
const hits = document.getElementById("palette-hits");

const options = () => [...(hits?.querySelectorAll("[role=option]") ?? [])];

function mark(at) {
  const found = options();
  const wanted = found[Math.min(Math.max(at, 0), found.length - 1)];
  for (const each of found) each.setAttribute("aria-selected", String(each === wanted));
  if (wanted) {
    box.setAttribute("aria-activedescendant", wanted.id);
    wanted.scrollIntoView({ block: "nearest" });
  } else {
    box.removeAttribute("aria-activedescendant");
  }
}

const marked = () => options().findIndex((each) => each.getAttribute("aria-selected") === "true");

function openPalette() {
  if (!palette) {
    window.location.assign("/search");
    return;
  }
  if (palette.open) return;
  palette.showModal();
  box.select();
  window.htmx.trigger(box, "ask");
}

function openKeys() {
  document.getElementById("keys")?.showModal();
}

// What was answered belongs to other words than those that stand in the box: the page answers.
function isFresh() {
  return hits.querySelector("#hits")?.dataset.q === box.value;
}

box?.addEventListener("keydown", (event) => {
  const at = marked();
  if (event.key === "ArrowDown") mark(at + 1);
  else if (event.key === "ArrowUp") mark(at - 1);
  else if (event.key === "Enter" && at >= 0 && isFresh()) options()[at].click();
  else return;
  event.preventDefault();
});

hits?.addEventListener("htmx:afterSwap", () => mark(0));
hits?.addEventListener("pointermove", (event) => {
  const over = event.target.closest("[role=option]");
  if (over) mark(options().indexOf(over));
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette]") && palette) {
    event.preventDefault();
    openPalette();
  }
  const dialog = event.target.closest("dialog.palette");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) dialog.close();
});

export { openKeys, openPalette };
