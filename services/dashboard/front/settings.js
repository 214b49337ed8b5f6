// Choices of this device: how pages look.
const SHOWN_BY = { "lunas-theme": "theme", "lunas-density": "density" };

function show(group) {
  const present = localStorage.getItem(group.dataset.setting) ?? "";
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === present));
  }
}

function choose(name, value) {
  if (value) localStorage.setItem(name, value);
  else localStorage.removeItem(name);
  const attribute = SHOWN_BY[name];
  if (!attribute) return;
  if (value) document.documentElement.dataset[attribute] = value;
  else delete document.documentElement.dataset[attribute];
}

for (const group of document.querySelectorAll("[data-setting]")) {
  group.hidden = false;
  show(group);
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    choose(group.dataset.setting, button.value);
    show(group);
  });
}
