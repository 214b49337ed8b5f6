"""P16 and the link: Admin imports what the bank printed, and reads what was said with it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from bank_files import Row, csv_file
from playwright.sync_api import ViewportSize, expect
from storyteller import Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]
OPENING = 1_000_000


def rows_of(first: date) -> list[Row]:
    return [
        Row(first, 1_250_000, "NTB777001", "VA 8810081234567890 NTB777001 MAHMUD SULAIMAN"),
        Row(first, 500_000, "TRF1", "SETORAN TUNAI"),
        Row(first, 500_000, "TRF1", "SETORAN TUNAI"),
        Row(first + timedelta(days=1), -2_500, "FEE1", "BIAYA ADM"),
    ]


def chooses(admin: Visitor, name: str, content: bytes) -> None:
    admin.goes("/bank/import")
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    admin.page.get_by_label("Berkas mutasi").set_input_files(files=[file])
    admin.fits()
    admin.presses("Periksa berkas")


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_p16_a_file_is_looked_at_imported_once_and_then_known(
    visit: Visit, size: ViewportSize, *, scripts: bool
) -> None:
    admin = visit("admin", java_script_enabled=scripts)
    first = date(2024, 1, 1) + timedelta(days=size["width"] + scripts * 10)
    content = csv_file(rows_of(first), OPENING)

    chooses(admin, "mutasi.csv", content)
    admin.sees("4 baris baru")
    admin.sees("Rp3.247.500")
    admin.fits()
    admin.presses("Impor 4 baris")

    expect(admin.page).to_have_url(re.compile("/bank/statements/"))
    admin.sees("Mutasi terimpor.")
    admin.sees("VA 8810081234567890 NTB777001 MAHMUD SULAIMAN")
    expect(admin.page.get_by_role("heading", name="Hasil pencocokan")).to_be_visible()
    if scripts:
        admin.sees("perlu ditangani", within_ms=30_000)
        address = "/exceptions?kind=unknown_payer"
        expect(admin.page.locator(f"#hasil a[href='{address}']")).to_be_visible()
    admin.fits()
    chooses(admin, "mutasi.csv", content)
    admin.sees("Semua 4 baris sudah dikenal")
    admin.presses("Impor tanpa baris baru")
    admin.sees("Tidak ada yang berubah.")


def test_p16_columns_with_strange_heads_are_named_by_a_person_and_remembered(
    visit: Visit, size: ViewportSize
) -> None:
    admin = visit("admin")
    first = date(2024, 6, 1) + timedelta(days=size["width"])
    head = f"Catatan {size['width']}".encode()
    content = csv_file(rows_of(first), OPENING).replace(b"Description", head)

    chooses(admin, "aneh.csv", content)
    admin.sees("belum lengkap dicocokkan")
    admin.fits()
    admin.page.get_by_label(re.compile("^Catatan")).select_option(label="Keterangan")
    admin.presses("Periksa lagi")
    admin.sees("4 baris baru")
    admin.presses("Impor 4 baris")
    admin.sees("Mutasi terimpor.")
    chooses(admin, "aneh.csv", content)
    admin.page.locator("summary", has_text="Kolom berkas").click()
    admin.sees("Dipakai dari impor sebelumnya")
    admin.fits()


def test_p16_a_file_that_does_not_add_up_is_refused_by_its_line(visit: Visit) -> None:
    admin = visit("admin")
    broken = csv_file(rows_of(date(2024, 1, 1)), OPENING).replace(b'"2.500,00"', b'"2.600,00"')

    chooses(admin, "rusak.csv", broken)

    admin.sees("Baris 9")
    admin.sees("Tidak ada baris yang disimpan")
    admin.fits()


def test_admin_has_the_bank_asked_and_reads_its_answer_without_a_reload(visit: Visit) -> None:
    admin = visit("admin")
    page = admin.page
    admin.goes("/invoices?status=issued")
    page.locator("main a[href^='/invoices/']").first.click()
    page.get_by_role("link", name="Percakapan dengan bank").click()
    expect(page.get_by_role("heading", name="Percakapan dengan bank")).to_be_visible()

    page.get_by_role("button", name="Tanya bank sekarang").click()

    newest = page.locator("#percakapan .tl li").first
    expect(newest).to_contain_text("Tanya bank", timeout=15_000)
    expect(newest).to_contain_text("Berhasil (kode 000)")
    expect(newest).to_contain_text("bank menjawab dalam")
    admin.fits()


def test_what_was_said_with_the_bank_is_not_for_marketing(visit: Visit) -> None:
    wawan = visit("wawan")
    wawan.goes("/invoices?status=issued")
    wawan.page.locator("main a[href^='/invoices/']").first.click()
    wawan.page.get_by_role("link", name="Rincian VA").click()

    wawan.sees("Pembayaran ke VA ini")
    expect(wawan.page.get_by_text("Percakapan dengan bank")).to_have_count(0)
    wawan.goes("/bank/link")
    wawan.sees("tidak ditemukan")
