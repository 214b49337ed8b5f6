"""Somebody with a browser."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from storyteller.house import House, eventually

DEMO_PASSWORD = "lunas-demo"
RAW = re.compile(
    r"\bNone\b|\bundefined\b|\bNaN\b|partially_paid|bni_va|down_payment|\bone_off\b"
    r"|\d{4}-\d{2}-\d{2}T\d|\+00:00|Rp\d{4,}|\{\{|\}\}"
)
ACCESSIBLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
EXPECTED = re.compile(r"status of (401|403|404|409|412|422)")


class Visitor:
    """One person in one browser; ``complaints`` collects what the browser objected to."""

    def __init__(self, house: House, page: Page, *, scripts: bool = True) -> None:
        self.house = house
        self.page = page
        self.scripts = scripts
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def goes(self, path: str) -> None:
        """Open an address of the gateway."""
        self.page.goto(self.house.gateway + path)

    def axe_violations(self) -> list[str]:
        """Check the page by WCAG 2.0 to 2.2, A and AA."""
        found = Axe().run(self.page, options=ACCESSIBLE).response["violations"]
        return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]

    def signs_in(self, username: str, password: str = DEMO_PASSWORD) -> None:
        """Use the form of P1."""
        self.goes("/login")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi", exact=True).fill(password)
        self.page.get_by_role("button", name="Masuk").click()
        expect(self.page).not_to_have_url(re.compile("/login"))

    def presses(self, name: str) -> None:
        """Press the button of this name that can be seen."""
        self.page.locator("button:visible", has_text=name).first.click()

    def sees(self, text: str, within_ms: int = 10_000) -> None:
        """Find words somewhere on the page, without a reload."""
        found = self.page.get_by_text(text).filter(visible=True).first
        expect(found).to_be_visible(timeout=within_ms)

    def fits(self) -> None:
        """No sideways scroll, and nothing raw to read."""
        width = self.page.evaluate("document.documentElement.scrollWidth")
        given = self.page.viewport_size
        assert given is not None
        assert width <= given["width"], (self.page.url, width)  # a phone widens its window
        words = self.page.locator("body").inner_text()
        assert RAW.findall(words) == [], self.page.url

    def imports(self, content: bytes) -> None:
        """Let the bank's statement of one line be imported, by the wizard of P16."""
        self.goes("/bank/import")
        file = {"name": "mutasi.csv", "mimeType": "text/csv", "buffer": content}
        self.page.get_by_label("Berkas mutasi").set_input_files(files=[file])
        self.presses("Periksa berkas")
        self.presses("Impor 1 baris")

    def opens_matter(self, amount: str) -> None:
        """Open what waits in the inbox with this amount, as soon as it is there."""
        for attempt in eventually():
            with attempt:
                self.goes("/exceptions")
                row = self.page.locator("section[aria-label=Antrean] li", has_text=amount)
                assert row.count() == 1
        row.get_by_role("link").click()
        expect(self.page.get_by_role("heading", name=amount)).to_be_visible()

    def photographs(self, folder: Path, name: str) -> None:
        """Keep a picture of the whole page."""
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png", full_page=True)

    def picks_date(self, label: str, day: date) -> None:
        """Fill a date field."""
        self.page.get_by_label(label).fill(day.isoformat())

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.search(message.text):
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")
