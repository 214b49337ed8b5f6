// Builds src/dashboard/static/dist: hashed files, manifest.json, licence texts.
// The same input gives the same bytes; nothing here is needed to run the service.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const modules = join(root, "node_modules");
const dist = join(root, "src/dashboard/static/dist");
const work = mkdtempSync(join(tmpdir(), "lunas-front-"));
const manifest = {};

function place(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const dot = name.lastIndexOf(".");
  manifest[name] = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  writeFileSync(join(dist, manifest[name]), bytes);
}

async function script(entry, name) {
  const result = await build({
    entryPoints: [join(here, entry)],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    nodePaths: [modules],
  });
  place(name, result.outputFiles[0].contents);
}

function stylesheet() {
  const out = join(work, "app.css");
  const cli = join(modules, "@tailwindcss/cli/dist/index.mjs");
  execFileSync(process.execPath, [cli, "-i", join(here, "app.css"), "-o", out, "--minify"], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
  });
  place("app.css", readFileSync(out, "utf8").replace("font.woff2", manifest["font.woff2"]));
}

function sprite() {
  const names = JSON.parse(readFileSync(join(here, "icons.json"), "utf8")).sort();
  const symbols = names.map((name) => {
    const svg = readFileSync(join(modules, "lucide-static/icons", `${name}.svg`), "utf8");
    const body = svg.replace(/<!--.*?-->/gs, "").match(/<svg[^>]*>(.*)<\/svg>/s)[1];
    const tight = body.replace(/\s*\n\s*/g, "");
    return `<symbol id="i-${name}" viewBox="0 0 24 24">${tight}</symbol>`;
  });
  place("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`);
}

function licences() {
  const packages = [
    "@alpinejs/csp", "@fontsource-variable/plus-jakarta-sans", "daisyui", "htmx-ext-sse",
    "htmx.org", "idiomorph", "lucide-static", "tailwindcss", "tinykeys", "@vue/reactivity",
  ];
  const texts = packages.map((name) => {
    const about = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
    let text = `Licence: ${about.license}`;
    try {
      text = readFileSync(join(modules, name, "LICENSE"), "utf8").trim();
    } catch { /* the package ships no text: its licence name stands */ }
    return `${name} ${about.version}\n${"=".repeat(60)}\n${text}\n`;
  });
  writeFileSync(join(dist, "LICENSES.txt"), texts.join("\n"));
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
const font = "@fontsource-variable/plus-jakarta-sans/files";
place("font.woff2", readFileSync(join(modules, font, "plus-jakarta-sans-latin-wght-normal.woff2")));
stylesheet();
sprite();
place("favicon.svg", readFileSync(join(here, "favicon.svg")));
await script("theme.js", "theme.js");
await script("app.js", "app.js");
licences();
const ordered = Object.fromEntries(Object.entries(manifest).sort());
writeFileSync(join(dist, "manifest.json"), JSON.stringify(ordered, null, 2) + "\n");
rmSync(work, { recursive: true });
