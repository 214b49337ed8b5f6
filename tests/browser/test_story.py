"""The same promise, told by a person with a browser: on a desk and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import ViewportSize, expect
from storyteller import House, Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]


def test_a_marketer_sells_bills_and_sees_the_money_come(
    visit: Visit, size: ViewportSize, house: House
) -> None:
    name = f"Ibu Ratih {size['width']}"
    wawan, watching, payer = visit("wawan"), visit("wawan"), visit(None)
    watching.goes("/payments")

    adds_a_customer(wawan, name, f"0812 7000 {size['width']:04d}")
    sells_on_instalments(wawan, name)
    number = sees_the_virtual_account(wawan)
    sends_it_by_whatsapp(wawan, number)
    bell = watching.page.locator("a[href='/notifications']:visible").first
    unread = bell.get_attribute("aria-label") or ""
    pays_at_the_bank(payer, house, number)

    watching.sees(name, within_ms=2_000)  # A25: the live feed and the bell, without a reload
    expect(bell).not_to_have_attribute("aria-label", unread, timeout=2_000)
    wawan.sees("Lunas")
    sees_the_progress(wawan, name)
    downloads_the_paper(wawan)


def adds_a_customer(wawan: Visitor, name: str, phone: str) -> None:
    wawan.goes("/customers/new?next=booking")
    wawan.page.get_by_label("Nama", exact=True).fill(name)
    wawan.page.get_by_label("No. HP").fill(phone)
    wawan.page.get_by_label("Alamat").fill("Jl. Kenanga 5, Bogor")
    wawan.fits()
    wawan.presses("Simpan")


def sells_on_instalments(wawan: Visitor, name: str) -> None:
    page = wawan.page
    expect(page.get_by_role("heading", name="Produk apa?")).to_be_visible()
    page.get_by_role("checkbox", name=re.compile("Kavling")).first.check()
    wawan.presses("Atur skema bayar")
    page.get_by_text("Bertahap", exact=True).click()
    page.get_by_label("DP", exact=False).first.fill("5.000.000")
    page.get_by_label("Tenor").fill("12")
    wawan.picks_date("Mulai", date(2030, 1, 31))
    expect(page.get_by_text(re.compile("Jumlah pas"))).to_be_visible()  # live, without a reload
    wawan.sees("28 Feb 2030")
    wawan.fits()
    wawan.presses("Tinjau")
    expect(page.get_by_text(name).first).to_be_visible()
    wawan.fits()
    wawan.presses("erbitkan")


def sees_the_virtual_account(wawan: Visitor) -> str:
    page = wawan.page
    page.get_by_role("link", name="Lihat tagihan").first.click()
    expect(page.locator("main .va").first).to_be_visible(timeout=15_000)
    wawan.fits()
    number = re.sub(r"\D", "", page.locator("main .va").first.inner_text())
    assert len(number) == 16
    return number


def sends_it_by_whatsapp(wawan: Visitor, number: str) -> None:
    """A20: the link opens WhatsApp with the exact text, line breaks and bold included."""
    page = wawan.page
    page.context.route("https://wa.me/**", lambda route: route.fulfill(body="WhatsApp"))
    with page.context.expect_event(
        "request", lambda request: request.url.startswith("https://wa.me/")
    ) as caught:
        wawan.presses("Buka WhatsApp")
    target = caught.value.url
    assert target.startswith("https://wa.me/62812")
    text = parse_qs(urlsplit(target).query)["text"][0]
    assert f"*{number}*" in text.replace(" ", "")
    assert "\n" in text
    assert "/d/" in text


def pays_at_the_bank(payer: Visitor, house: House, number: str) -> None:
    page = payer.page
    page.goto(house.bank)
    page.get_by_label(re.compile("virtual account|VA", re.IGNORECASE)).first.fill(number)
    page.locator("main button[type=submit]:visible").first.click()
    payer.sees("Rp5.000.000")
    payer.fits()
    page.get_by_role("button", name=re.compile("^Bayar")).click()
    payer.sees("Transfer berhasil")
    payer.fits()


def sees_the_progress(wawan: Visitor, name: str) -> None:
    """A26-A28, A38-A41: four tabs with addresses of their own, and the donut."""
    page = wawan.page
    page.locator("main").get_by_role("link", name=name).first.click()
    for tab in ("Info", "Payment", "Produk", "Bill"):
        page.locator(".tabline").get_by_role("link", name=re.compile(f"^{tab}")).click()
        expect(page.locator(".tabline [aria-current]")).to_contain_text(tab)
        wawan.fits()
    donut = page.get_by_role("img", name=re.compile("Terbayar")).first
    expect(donut).to_be_visible()
    wawan.sees("Rp5.000.000")


def downloads_the_paper(wawan: Visitor) -> None:
    link = wawan.page.get_by_role("link", name=re.compile("Rekap PDF")).first
    address = link.get_attribute("href") or ""
    answer = wawan.page.request.get(wawan.house.gateway + address)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")


def test_admin_sees_everyone_and_reassigns(visit: Visit, size: ViewportSize) -> None:
    admin = visit("admin")
    admin.goes("/customers?search=mahmud")
    admin.page.get_by_role("link", name="Bapak Mahmud Sulaiman").first.click()
    admin.sees("Bapak Wawan")
    admin.goes("/recaps")
    admin.sees("Bapak Wawan")
    admin.sees("Ibu Sari")
    admin.fits()


def test_what_is_not_yours_looks_like_what_is_not_there(visit: Visit) -> None:
    """A34, A7."""
    admin, sari = visit("admin"), visit("sari")
    admin.goes("/customers?search=mahmud")
    link = admin.page.get_by_role("link", name="Bapak Mahmud Sulaiman").first
    theirs = link.get_attribute("href") or ""

    sari.goes(theirs)
    refused = sari.page.locator("main").inner_text()
    sari.goes("/customers/00000000-0000-7000-8000-000000000000")
    missing = sari.page.locator("main").inner_text()
    sari.goes("/customers?search=mahmud")

    assert "tidak ditemukan" in refused.lower()
    assert refused == missing
    assert "Mahmud Sulaiman" not in sari.page.locator("main").inner_text()
    sari.goes("/products/new")
    assert sari.page.locator("main").inner_text() == missing


def test_a_wrong_password_says_so_and_nothing_more(visit: Visit) -> None:
    nobody = visit(None)
    for username in ("wawan", "tidak-ada"):
        nobody.goes("/login?next=/customers")
        nobody.page.get_by_label("Nama pengguna").fill(username)
        nobody.page.get_by_label("Kata sandi", exact=True).fill("salah-sekali-kata-ini")
        nobody.page.get_by_role("button", name="Masuk").click()
        expect(nobody.page.get_by_role("alert")).to_contain_text("tidak cocok")


def test_signing_in_returns_to_the_asked_page(visit: Visit) -> None:
    nobody = visit(None)
    nobody.goes("/invoices?status=paid")
    nobody.page.get_by_label("Nama pengguna").fill("sari")
    nobody.page.get_by_label("Kata sandi", exact=True).fill("lunas-demo")
    nobody.page.get_by_role("button", name="Masuk").click()
    expect(nobody.page).to_have_url(re.compile(r"/invoices\?status=paid$"))


def test_it_works_without_script(visit: Visit) -> None:
    wawan = visit("wawan", java_script_enabled=False)
    wawan.goes("/customers?search=mahmud")
    wawan.page.get_by_role("link", name="Bapak Mahmud Sulaiman").first.click()
    wawan.page.get_by_role("link", name=re.compile("^Payment")).first.click()
    expect(wawan.page.locator(".tabline [aria-current]")).to_contain_text("Payment")
    wawan.goes("/payments")
    expect(wawan.page.get_by_role("heading", name="Pembayaran").first).to_be_attached()
