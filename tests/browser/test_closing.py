"""R3: Admin looks at what a day would certify, closes it, and finds its certificate."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from storyteller import Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_r3_a_day_is_previewed_closed_and_certified(visit: Visit, *, scripts: bool) -> None:
    admin = visit("admin", java_script_enabled=scripts)
    page = admin.page
    admin.goes("/closes")
    admin.sees("menunggu ditutup")
    admin.fits()
    page.get_by_role("link", name="Tinjau dan tutup").click()
    title = page.get_by_role("heading", level=1).inner_text()
    day = title.removeprefix("Tutup ").removesuffix("?")
    admin.fits()

    page.get_by_role("button", name=re.compile("^Tutup")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(day)
    admin.sees("Hari ditutup.")
    admin.sees("Utuh")
    admin.fits()
    certificate = page.url.partition("?")[0].removeprefix(admin.house.gateway)
    admin.goes("/closes")
    newest = page.get_by_role("table").get_by_role("link").first
    expect(newest).to_have_attribute("href", certificate)


def test_r3_a_certificate_is_accessible_and_prints_light_without_the_shell(visit: Visit) -> None:
    admin = visit("admin", color_scheme="dark")
    page = admin.page
    admin.goes("/closes/new")
    page.get_by_role("button", name=re.compile("^Tutup")).click()
    admin.sees("Sertifikat penutupan hari")

    found = admin.axe_violations()
    page.emulate_media(media="print")

    assert found == []
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("button", name="Cetak")).to_have_count(0)
    paper = page.locator("section.panel").first
    expect(paper).to_have_css("background-color", "rgb(255, 255, 255)")


def test_m11_a_person_has_all_books_checked(visit: Visit) -> None:
    admin = visit("admin")
    admin.goes("/closes")
    admin.presses("Periksa")

    newest = admin.page.locator("#pemeriksaan li").first
    expect(newest).to_contain_text("Ibu Ratna")
    expect(newest).to_contain_text("Semua cocok", timeout=20_000)
    admin.fits()
