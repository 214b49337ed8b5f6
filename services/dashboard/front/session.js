// The end of a session is told two minutes before; what was typed comes back after signing in again.
const WARN_MS = 120_000, LOOK_MS = 5_000, DRAFT = "lunas-draft", DRAFT_MS = 30 * 60_000;
const { sessionSeconds, person } = document.body.dataset;
const dialog = document.getElementById("session-end");
const here = window.location.pathname + window.location.search;
let deadline = Date.now() + Number(sessionSeconds) * 1000;
let over = false, warned = false;

async function ask(path, method) {
  const csrf = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRF-Token"];
  const answer = await fetch(path, { method, headers: { "X-CSRF-Token": csrf, Accept: "application/json" } });
  if (answer.status === 401) return { seconds: 0, final: true };
  return answer.ok ? answer.json() : null; // not answered: look again later
}

function typed() {
  const fields = document.querySelectorAll("main form[method=post] :is(input, textarea, select)");
  return [...fields]
    .filter((field) => field.name && !["hidden", "password", "file", "submit", "radio", "checkbox"].includes(field.type))
    .map((field) => [field.form.getAttribute("action"), field.name, field.value]);
}

// Only this tab, only what was typed, only until it is back or half an hour is over.
function keepDraft() {
  sessionStorage.setItem(DRAFT, JSON.stringify({ here, person, at: Date.now(), fields: typed() }));
}

function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null");
  if (!kept) return;
  if (kept.person !== person || Date.now() - kept.at > DRAFT_MS) sessionStorage.removeItem(DRAFT);
  else if (kept.here === here) {
    sessionStorage.removeItem(DRAFT);
    for (const [action, name, value] of kept.fields) {
      const form = [...document.forms].find((each) => each.getAttribute("action") === action);
      const field = form?.elements.namedItem(name);
      if (field?.value !== undefined) field.value = value;
    }
  }
}

function show(state) {
  for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  if (!dialog.open) dialog.showModal();
}

function end() {
  over = true;
  keepDraft();
  dialog.querySelector("a").href = `/login?next=${encodeURIComponent(here)}`;
  show("over");
}

async function look() {
  if (over || deadline - Date.now() > WARN_MS) return;
  const left = await ask("/session/left", "GET");
  if (!left) return;
  deadline = Date.now() + left.seconds * 1000;
  if (left.seconds <= 0) end();
  else if (deadline - Date.now() <= WARN_MS && !(left.final && warned)) {
    warned = left.final;
    show(left.final ? "final" : "soon");
  }
}

async function stay() {
  const left = await ask("/session/keep", "POST");
  if (!left) return;
  deadline = Date.now() + left.seconds * 1000;
  if (left.seconds <= 0) end();
  else dialog.close();
}

if (dialog && sessionSeconds) {
  bringBack();
  setInterval(look, LOOK_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  dialog.querySelector("[data-stay]").addEventListener("click", stay);
  dialog.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("cancel", (event) => { if (over) event.preventDefault(); });
}
