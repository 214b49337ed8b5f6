"""Rules that the content security policy and the budgets force on templates and built files."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "src/dashboard/templates").rglob("*.html"))
DIST = ROOT / "src/dashboard/static/dist"
FORBIDDEN = {
    "inline style": r"\sstyle\s*=",
    "style element": r"<style\b",
    "inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "event handler attribute": r"\son[a-z]+\s*=",
    "hx-on": r"hx-on[:=-]",
    "computed values": r"['\"]js:|javascript:",
    "trigger filter": r"hx-trigger=\"[^\"]*\[",
    "Alpine html": r"x-html",
    "safe filter": r"\|\s*safe\b",
}
BUDGET = {".css": 30_000, ".js": 60_000, ".woff2": 28_000}
ALL_TOGETHER = 150_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
class TestTemplates:
    @pytest.mark.parametrize("rule", FORBIDDEN)
    def test_w5_a_template_holds_nothing_that_the_policy_forbids(
        self, template: Path, rule: str
    ) -> None:
        assert not re.search(FORBIDDEN[rule], template.read_text())

    def test_alpine_attributes_hold_only_names(self, template: Path) -> None:
        held = re.findall(r"(?:\s@[a-z]+|\s:[a-z-]+|\sx-[a-z]+)=\"([^\"]*)\"", template.read_text())

        assert all(re.fullmatch(r"[A-Za-z.]+", text) for text in held)

    def test_every_form_that_changes_something_carries_the_csrf_token(self, template: Path) -> None:
        forms = re.findall(r"<form\b[^>]*method=\"post\".*?</form>", template.read_text(), re.S)

        assert all("csrf_field(" in form for form in forms)


class TestBuiltFiles:
    def manifest(self) -> dict[str, str]:
        found: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
        return found

    def test_each_stays_within_its_budget_compressed(self) -> None:
        sizes: dict[str, int] = {}
        for name in self.manifest().values():
            kind = Path(name).suffix
            packed = gzip.compress((DIST / name).read_bytes(), 9)
            sizes[kind] = sizes.get(kind, 0) + len(packed)

        assert all(sizes[kind] <= limit for kind, limit in BUDGET.items()), sizes
        assert sum(sizes.values()) <= ALL_TOGETHER

    def test_there_is_nothing_beside_what_the_manifest_names(self) -> None:
        present = {path.name for path in DIST.iterdir()}

        assert present == {*self.manifest().values(), "manifest.json", "LICENSES.txt"}

    def test_the_licences_of_what_is_shipped_go_along(self) -> None:
        text = (DIST / "LICENSES.txt").read_text()

        shipped = ["htmx.org 2.0.11", "idiomorph", "@alpinejs/csp", "tinykeys", "daisyui"]
        assert all(name in text for name in [*shipped, "lucide-static", "jakarta"])

    def test_the_lock_file_names_no_host(self) -> None:
        assert "://" not in re.sub(
            r'"(url|funding)": "[^"]*"', "", (ROOT / "package-lock.json").read_text()
        )
