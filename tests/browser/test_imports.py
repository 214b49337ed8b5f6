"""A44 in the browser: a spreadsheet is chosen, matched, mended, run and taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize
from storyteller import Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]
HEAD = "Nama;No. HP;Alamat;Marketing\r\n"


def test_a44_a_sheet_becomes_customers_and_is_taken_back(visit: Visit, size: ViewportSize) -> None:
    who = f"Ibu Kartika {size['width']}"
    rows = f"{who};8127700{size['width']};Depok;Bapak Wawan\r\nRudi;021;Bogor;Bapak Wawam\r\n"
    visitor = visit("admin")
    visitor.goes("/imports/new")
    file = {"name": "lama.csv", "mimeType": "text/csv", "buffer": (HEAD + rows).encode("cp1252")}
    visitor.page.get_by_label("Berkas", exact=True).set_input_files(files=[file])
    visitor.presses("Unggah")

    visitor.sees("Contoh isi: Depok · Bogor")
    visitor.fits()
    visitor.presses("Periksa 2 baris")

    visitor.sees("1 baru, 1 bermasalah")
    visitor.fits()
    assert visitor.axe_violations() == []
    visitor.page.get_by_label("No. HP").fill(f"0813 7700 {size['width']}")
    visitor.presses("Simpan")
    visitor.sees("2 baru")
    visitor.presses("Jalankan 2 baris")

    visitor.sees("Hasil impor")
    visitor.fits()
    assert visitor.axe_violations() == []
    visitor.goes(f"/search?q={who}")
    visitor.sees(who)
    visitor.goes("/imports")
    visitor.page.get_by_role("link", name="lama.csv").first.click()
    visitor.page.get_by_text("Batalkan impor ini").first.click()
    visitor.page.get_by_role("button", name="Batalkan impor ini").click()
    visitor.sees("Data baru dinonaktifkan, perubahan dikembalikan.")
