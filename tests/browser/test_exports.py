"""A list becomes a file: the menu is in reach, and the file says what the screen says."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import ViewportSize, expect
from storyteller import Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a file as a spreadsheet here would; what it is about stands above an empty line."""
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return list(csv.DictReader(lines[lines.index("") + 1 :], delimiter=";"))


def open_menu(visitor: Visitor, size: ViewportSize) -> None:
    visitor.page.locator("summary:visible", has_text="Unduh").first.click()
    box = visitor.page.get_by_role("button", name="Teks (CSV)").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= size["width"]
    visitor.fits()


def test_a44_the_file_of_paid_bills_adds_up_to_the_sum_on_the_screen(
    visit: Visit, size: ViewportSize
) -> None:
    wawan = visit("wawan")
    wawan.goes("/invoices?view=paid")
    shown = wawan.page.locator("dt", has_text="Jumlah").locator("xpath=following-sibling::dd")
    sum_shown = int("".join(sign for sign in shown.inner_text() if sign.isdigit()))
    open_menu(wawan, size)

    wawan.page.get_by_role("button", name="Teks (CSV)").click()
    wawan.sees("Berkas siap")
    wawan.fits()
    with wawan.page.expect_download() as fetched:
        wawan.page.get_by_role("link", name="Unduh berkas").click()

    rows = rows_of(fetched.value.path())
    bills = [row for row in rows if row["No. tagihan"].startswith("INV/")]
    assert sum(int(row["Jumlah"]) for row in bills) == sum_shown
    assert {row["Marketing"] for row in bills} == {"Bapak Wawan"}
    assert {row["Status"] for row in bills} == {"Lunas"}


def test_the_menu_is_in_reach_on_every_list(visit: Visit, size: ViewportSize) -> None:
    admin = visit("admin")
    for path in ("/customers", "/payments", "/products", "/bookings", "/recaps"):
        admin.goes(path)
        open_menu(admin, size)


def test_a_file_is_nobody_elses(visit: Visit) -> None:
    wawan, sari = visit("wawan"), visit("sari")
    wawan.goes("/products")
    wawan.page.locator("summary:visible", has_text="Unduh").first.click()
    wawan.page.get_by_role("button", name="Excel (XLSX)").click()
    wawan.sees("Berkas siap")

    sari.goes(wawan.page.url.removeprefix(wawan.house.gateway))

    expect(sari.page.get_by_role("link", name="Unduh berkas")).to_have_count(0)
    sari.sees("tidak ditemukan")
