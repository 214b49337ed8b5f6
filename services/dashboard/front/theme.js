// Runs before the first paint: the reader's own choice of light or dark, if he made one.
const chosen = localStorage.getItem("lunas-theme");
if (chosen === "niaga" || chosen === "niaga-gelap") {
  document.documentElement.dataset.theme = chosen;
}
