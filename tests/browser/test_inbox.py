"""P12: money of nobody known is matched, the match undone, and written off by two persons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from bank_files import Row, csv_file
from playwright.sync_api import ViewportSize, expect
from storyteller import House, Visitor
from storyteller.house import eventually
from storyteller.person import Person
from storyteller.visitor import DEMO_PASSWORD

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]


def hires(admin: Visitor, name: str) -> str:
    """Let a second Admin in; give the name that he signs in with."""
    second = {"username": name, "name": "Bapak Budi", "role": "admin", "password": DEMO_PASSWORD}
    Person(admin.house, "admin", DEMO_PASSWORD).does("/users", second)
    return name


def bills_mahmud(house: House, rupiah: int) -> dict[str, Any]:
    """Let him owe an amount that nobody else owes."""
    admin = Person(house, "admin", DEMO_PASSWORD)
    (mahmud,) = admin.sees("/customers", search="Mahmud Sulaiman")["items"]
    line = {"description": "Biaya balik nama", "quantity": 1, "unit_price_idr": rupiah}
    body = {"customer_id": mahmud["id"], "due_on": "2030-01-31", "lines": [line]}
    bill: dict[str, Any] = admin.does("/invoices", body)
    return bill


def is_paid(house: House, bill: dict[str, Any]) -> bool:
    admin = Person(house, "admin", DEMO_PASSWORD)
    return bool(admin.sees(f"/invoices/{bill['id']}")["status"] == "paid")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_p12_a_transfer_with_a_name_is_suggested_and_matched_with_one_key(
    visit: Visit, size: ViewportSize, house: House, *, scripts: bool
) -> None:
    scheme = "light" if size["width"] > 600 else "dark"
    ratna = visit("admin", java_script_enabled=scripts, color_scheme=scheme)
    rupiah = 1_000_000 + size["width"] * 2 + scripts
    amount = f"Rp{rupiah:,}".replace(",", ".")
    bill = bills_mahmud(house, rupiah)
    day = date(2022, 6, 1) + timedelta(days=size["width"] % 300 + scripts * 10)
    said = "TRSF E-BANKING DARI BNI MAHMUD SULAIMAN BAYAR KAVLING"
    ratna.imports(csv_file([Row(day, rupiah, "TRF7", said)], 1_000))

    ratna.opens_matter(amount)
    first = ratna.page.locator("#candidates li.panel").first
    for words in ("Bapak Mahmud Sulaiman", "sangat mirip", "Nama sama", bill["number"], amount):
        expect(first).to_contain_text(words)
    expect(first.get_by_role("radio")).to_be_checked()
    ratna.fits()
    assert not is_paid(house, bill), "a suggestion posts nothing"
    if scripts:
        assert ratna.axe_violations() == []
    if scripts and size["width"] > 600:
        ratna.page.keyboard.press("1")
    else:
        ratna.presses("Cocokkan")

    ratna.sees(f"Dicocokkan ke Bapak Mahmud Sulaiman: {bill['number']} {amount}.")
    for attempt in eventually():
        with attempt:
            assert is_paid(house, bill)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_p12_unknown_money_is_matched_undone_and_written_off_by_two(
    visit: Visit, size: ViewportSize, *, scripts: bool
) -> None:
    ratna = visit("admin", java_script_enabled=scripts)
    name = hires(ratna, f"budi{size['width']}{'s' if scripts else 'n'}")
    rupiah = 500_000 + size["width"] * 2 + scripts
    amount = f"Rp{rupiah:,}".replace(",", ".")
    first = date(2023, 1, 1) + timedelta(days=size["width"] % 700 + scripts * 10)
    ratna.imports(csv_file([Row(first, rupiah, "TRF9", "BAYAR KAVLING")], 1_000))

    ratna.opens_matter(amount)
    ratna.page.get_by_label("Cari pelanggan lain").fill("mahmud")
    ratna.page.locator("main form[role=search] button").click()
    ratna.fits()
    if scripts:
        assert ratna.axe_violations() == []
    if scripts and size["width"] > 600:
        ratna.page.keyboard.press("1")
    else:
        ratna.presses("Cocokkan")
    ratna.sees("Dicocokkan ke Bapak Mahmud Sulaiman")
    ratna.page.get_by_role("link", name="Urungkan").filter(visible=True).first.click()
    ratna.page.get_by_label("Alasan").fill("Salah orang.")
    ratna.presses("Urungkan")
    ratna.sees("belum diketahui")
    ratna.fits()

    ratna.page.get_by_role("link", name=re.compile("Hapus bukukan")).click()
    ratna.page.get_by_label("Alasan").fill("Tidak ada yang mengaku.")
    ratna.presses("Usulkan")
    ratna.sees("Orang lain perlu menyetujui")
    expect(ratna.page.get_by_role("link", name=re.compile("Setujui"))).to_have_count(0)
    budi = visit(name, java_script_enabled=scripts)
    budi.opens_matter(amount)
    budi.fits()
    budi.page.get_by_role("link", name=re.compile("Setujui")).click()
    budi.presses("Setujui")

    budi.sees("dihapusbukukan menjadi pendapatan lain")


def test_p12_a_transfer_for_two_customers_is_split_over_their_bills_and_undone_as_one(
    visit: Visit, size: ViewportSize, house: House
) -> None:
    scripts = size["width"] > 600  # the phone does without
    ratna = visit("admin", java_script_enabled=scripts)
    rupiah = 2_000_000 + size["width"]
    amount = f"Rp{rupiah:,}".replace(",", ".")
    bill = bills_mahmud(house, rupiah)
    other = bills_newcomer(house, f"Ibu Melati {size['width']}", f"0812990{size['width']:05d}")
    first = date(2020, 1, 1) + timedelta(days=size["width"] % 300)
    ratna.imports(csv_file([Row(first, rupiah, "TRF8", "SETORAN KOLEKTIF RT 05")], 1_000))
    ratna.opens_matter(amount)

    if scripts:
        ratna.page.keyboard.press("s")
    else:
        ratna.page.get_by_role("link", name=re.compile("Bagi")).click()
    types_a_split(ratna, bill, other)
    if scripts:
        left = f"Rp{rupiah - 1_400_000:,}".replace(",", ".")
        expect(ratna.page.locator("output")).to_have_text(left)
        assert ratna.axe_violations() == []
    ratna.page.locator("button[type=submit]:not([name])", has_text="Bagi").click()
    ratna.sees("Masih tersisa")
    ratna.page.get_by_label("Sisanya menjadi titipan").select_option(other["customer"]["name"])
    ratna.page.locator("button[type=submit]:not([name])", has_text="Bagi").click()

    ratna.sees(f"{amount} dibagi untuk 2 pelanggan: 2 tagihan, titipan")
    for attempt in eventually():
        with attempt:
            assert is_paid(house, other)
    ratna.page.get_by_role("link", name="Urungkan").filter(visible=True).first.click()
    ratna.page.get_by_label("Alasan").fill("Salah bagi.")
    ratna.presses("Urungkan")
    ratna.sees("belum diketahui")
    for attempt in eventually():
        with attempt:
            assert not is_paid(house, other)


def types_a_split(visitor: Visitor, bill: dict[str, Any], other: dict[str, Any]) -> None:
    """Give each bill something; what was typed for the first stays while the other is found."""
    looks_for(visitor, "mahmud")
    visitor.page.get_by_label(bill["number"]).fill("1000000")
    looks_for(visitor, "Ibu Melati")  # the second time there are two of that name
    expect(visitor.page.get_by_label(bill["number"])).to_have_value(re.compile("1.?000.?000"))
    visitor.page.get_by_label(other["number"]).fill("400000")
    visitor.fits()


def bills_newcomer(house: House, name: str, phone: str) -> dict[str, Any]:
    """Let somebody new, a customer of Wawan's, owe 400.000."""
    admin = Person(house, "admin", DEMO_PASSWORD)
    (wawan,) = admin.sees("/users", search="wawan")["items"]
    facts = {"name": name, "phone": phone, "address": "Bogor", "marketing_id": wawan["id"]}
    customer = admin.does("/customers", facts)
    line = {"description": "Iuran", "quantity": 1, "unit_price_idr": 400_000}
    body = {"customer_id": customer["id"], "due_on": "2030-01-31", "lines": [line]}
    for attempt in eventually():
        with attempt:
            bill: dict[str, Any] = admin.does("/invoices", body)
    return bill


def looks_for(visitor: Visitor, name: str) -> None:
    """Look for another customer on the page of a split."""
    visitor.page.get_by_label("Cari pelanggan lain").fill(name)
    visitor.page.locator("button[name=look]").click()
    expect(visitor.page.get_by_text("Hasil pencarian")).to_be_visible()
