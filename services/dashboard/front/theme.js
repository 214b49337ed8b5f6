// Runs before the first paint: the reader's own choice of light or dark and of density, if any.
const chosen = localStorage.getItem("lunas-theme");
if (chosen === "niaga" || chosen === "niaga-gelap") {
  document.documentElement.dataset.theme = chosen;
}
if (localStorage.getItem("lunas-density") === "compact") {
  document.documentElement.dataset.density = "compact";
}
