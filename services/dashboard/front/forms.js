// Forms: sent once, money grouped while typing, typed text not lost by accident.
const MONEY = "input[data-money]";

function grouped(text) {
  const digits = text.replace(/\D/g, "").replace(/^0+(?=\d)/, "");
  return digits.replace(/\B(?=(\d{3})+$)/g, ".");
}

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches?.(MONEY)) return;
  const fromEnd = field.value.length - field.selectionEnd;
  field.value = grouped(field.value);
  const place = Math.max(field.value.length - fromEnd, 0);
  field.setSelectionRange(place, place);
}, true);

// What is left of a sum is told while its parts are typed; the server says it too.
document.addEventListener("input", (event) => {
  const form = event.target.form;
  const told = form?.querySelector("[data-left-of]");
  if (!told) return;
  const amounts = [...form.querySelectorAll(MONEY)].map((each) => Number(each.value.replace(/\D/g, "")));
  const left = amounts.reduce((sum, each) => sum - each, Number(told.dataset.leftOf));
  told.value = `${left < 0 ? "\u2212" : ""}Rp${grouped(String(Math.abs(left)))}`;
});

// A file that the server would not take is refused before it is sent.
document.addEventListener("change", (event) => {
  const limit = Number(event.target.dataset?.bytesMax);
  if (!limit) return;
  const tooLarge = [...event.target.files].some((file) => file.size > limit);
  event.target.setCustomValidity(tooLarge ? event.target.dataset.tooLarge : "");
  if (tooLarge) event.target.reportValidity();
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.classList.add("btn-busy");
  event.submitter?.setAttribute("aria-disabled", "true");
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll(".btn-busy")) {
      button.classList.remove("btn-busy");
      button.removeAttribute("aria-disabled");
    }
  }
});

document.querySelector("[data-focus-first]")?.focus();

// One handler shows what a request behind the page could not do.
document.body.addEventListener("htmx:responseError", (event) => {
  const box = document.getElementById("request-trouble");
  if (!box || event.detail.elt.matches("[data-quiet]")) return;
  box.querySelector("[data-code]").textContent = String(event.detail.xhr.status);
  box.hidden = false;
});

// A closed menu stays closed when the reader clicks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu-pop[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
