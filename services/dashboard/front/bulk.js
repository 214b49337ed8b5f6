// What is picked in a list: how many, how much; without script the bar still sends it.
const picks = () => [...document.querySelectorAll("input[name=id][form=bulk]")];
const grouped = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, ".");

function tell() {
  const told = document.querySelector("#bulk [data-picked]");
  if (!told) return;
  const picked = picks().filter((each) => each.checked);
  const sum = picked.reduce((total, each) => total + Number(each.dataset.amount), 0);
  told.textContent = `${grouped(picked.length)} dipilih, Rp${grouped(sum)}`;
  const head = document.querySelector("[data-pick-page]");
  if (head) {
    head.checked = picked.length > 0 && picked.length === picks().length;
    head.indeterminate = picked.length > 0 && !head.checked;
  }
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-pick-page]")) {
    for (const each of picks()) each.checked = event.target.checked;
  }
  if (event.target.matches("[data-pick-page], input[name=id][form=bulk]")) tell();
});

document.addEventListener("reset", (event) => {
  if (event.target.id === "bulk") setTimeout(tell);
});

window.addEventListener("pageshow", tell);
