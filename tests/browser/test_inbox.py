"""P12: money of nobody known is matched, the match undone, and written off by two persons."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bank_files import Row, csv_file
from playwright.sync_api import ViewportSize, expect
from storyteller import Visitor
from storyteller.house import eventually
from storyteller.person import Person
from storyteller.visitor import DEMO_PASSWORD

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]


def imports(admin: Visitor, content: bytes) -> None:
    """Let the bank's statement show money that nobody told of."""
    admin.goes("/bank/import")
    file = {"name": "mutasi.csv", "mimeType": "text/csv", "buffer": content}
    admin.page.get_by_label("Berkas mutasi").set_input_files(files=[file])
    admin.presses("Periksa berkas")
    admin.presses("Impor 1 baris")


def hires(admin: Visitor, name: str) -> str:
    """Let a second Admin in; give the name that he signs in with."""
    second = {"username": name, "name": "Bapak Budi", "role": "admin", "password": DEMO_PASSWORD}
    Person(admin.house, "admin", DEMO_PASSWORD).does("/users", second)
    return name


def opens(visitor: Visitor, amount: str) -> None:
    """Find the matter of this amount in the queue."""
    for attempt in eventually():
        with attempt:
            visitor.goes("/exceptions")
            row = visitor.page.locator("section[aria-label=Antrean] li", has_text=amount)
            assert row.count() == 1
    row.get_by_role("link").click()
    expect(visitor.page.get_by_role("heading", name=amount)).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_p12_unknown_money_is_matched_undone_and_written_off_by_two(
    visit: Visit, size: ViewportSize, *, scripts: bool
) -> None:
    ratna = visit("admin", java_script_enabled=scripts)
    name = hires(ratna, f"budi{size['width']}{'s' if scripts else 'n'}")
    rupiah = 500_000 + size["width"] * 2 + scripts
    amount = f"Rp{rupiah:,}".replace(",", ".")
    first = date(2023, 1, 1) + timedelta(days=size["width"] % 700 + scripts * 10)
    imports(ratna, csv_file([Row(first, rupiah, "TRF9", "BAYAR KAVLING")], 1_000))

    opens(ratna, amount)
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
    opens(budi, amount)
    budi.fits()
    budi.page.get_by_role("link", name=re.compile("Setujui")).click()
    budi.presses("Setujui")

    budi.sees("dihapusbukukan menjadi pendapatan lain")
