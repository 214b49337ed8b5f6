// Small behaviour of single elements; attributes hold only names of what is here.
import Alpine from "@alpinejs/csp";
import { OFF } from "./keys.js";
import { feed } from "./live.js";

Alpine.data("copyable", () => ({
  async copy() {
    await navigator.clipboard.writeText(this.$root.dataset.copy);
    this.$root.dataset.done = "yes";
    setTimeout(() => { delete this.$root.dataset.done; }, 2000);
  },
}));

Alpine.data("password", () => ({
  shown: false,
  ready: true,
  capsLock: false,
  get kind() { return this.shown ? "text" : "password"; },
  get word() { return this.shown ? "Sembunyikan kata sandi" : "Tampilkan kata sandi"; },
  toggle() { this.shown = !this.shown; },
  watch(event) { this.capsLock = event.getModifierState("CapsLock"); },
}));

Alpine.data("waiting", () => ({
  seconds: 0,
  get still() { return this.seconds > 0; },
  get over() { return this.seconds === 0; },
  get left() { return this.seconds < 120 ? `${this.seconds} detik` : `${Math.ceil(this.seconds / 60)} menit`; },
  init() {
    this.seconds = Number(this.$root.dataset.seconds ?? 0);
    const until = Date.now() + this.seconds * 1000;
    const ticking = setInterval(() => {
      this.seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      if (this.seconds === 0) clearInterval(ticking);
    }, 250);
  },
  hold(event) { if (this.still) { event.preventDefault(); event.stopImmediatePropagation(); } },
}));

Alpine.data("theme", () => ({
  switchTheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)").matches;
    const present = document.documentElement.dataset.theme ?? (dark ? "niaga-gelap" : "niaga");
    const next = present === "niaga" ? "niaga-gelap" : "niaga";
    document.documentElement.dataset.theme = next;
    localStorage.setItem("lunas-theme", next);
  },
}));

Alpine.data("pausing", () => ({
  paused: false,
  get running() { return !this.paused; },
  get word() { return this.paused ? "Lanjutkan" : "Jeda"; },
  toggle() {
    this.paused = !this.paused;
    feed.paused = this.paused;
    if (!this.paused) window.htmx.trigger("#feed", "again");
  },
}));

Alpine.data("closable", () => ({
  open: true,
  close() { this.open = false; },
}));

Alpine.data("printing", () => ({
  open() { window.print(); },
}));

Alpine.data("sharing", () => ({
  possible: Boolean(navigator.share),
  share() { navigator.share({ title: document.title, url: this.$root.dataset.link }); },
}));

Alpine.data("shortcuts", () => ({
  on: !localStorage.getItem(OFF),
  keep() {
    if (this.on) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "yes");
  },
}));

Alpine.start();
