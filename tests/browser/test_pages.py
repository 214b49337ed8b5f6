"""Every page of the demo company: it fits, reads well, obeys the policy, and is accessible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from bank_files import Row, csv_file
from playwright.sync_api import ViewportSize
from storyteller import Visitor

pytestmark = pytest.mark.timeout(300)

Visit = Callable[..., Visitor]
PAGES = (
    "/",
    "/customers",
    "/customers?search=tidak-ada-yang-begini",
    "/customers/new",
    "/change-requests",
    "/bookings",
    "/bookings/new",
    "/products",
    "/invoices",
    "/invoices?status=paid",
    "/payments",
    "/recaps",
    "/messages",
    "/messages/queue",
    "/notifications",
    "/search?q=mahmud",
    "/more",
    "/profile",
    "/profile/second-factor",
    "/help",
    "/halaman-yang-tidak-ada",
)
PAGES_OF_ADMIN = (
    *PAGES,
    "/bank/import",
    "/imports",
    "/imports/new",
    "/closes",
    "/closes/new",
    "/bank/link",
    "/exceptions",
    "/settings/messages",
    "/settings/messages/rules",
    "/users",
    "/users/new",
    "/users/roles",
    "/audit",
    "/customers/move",
)
TABS = ("", "/info", "/payments", "/bills", "/products", "/activity")


def test_every_page_of_marketing_fits_and_reads_well(visit: Visit) -> None:
    visitor = visit("wawan")
    for path in (*PAGES, *customer_pages(visitor), *one_of_each(visitor)):
        visitor.goes(path)
        visitor.fits()


def test_every_page_of_admin_is_accessible_too(visit: Visit, size: ViewportSize) -> None:
    """Light on the desk, dark on the phone; axe by WCAG 2.0 to 2.2, A and AA."""
    scheme = "light" if size["width"] > 600 else "dark"
    visitor = visit("admin", color_scheme=scheme)
    violations = {}
    matter = an_open_matter(visitor, size["width"])
    for path in (*PAGES_OF_ADMIN, matter, *customer_pages(visitor), *one_of_each(visitor)):
        visitor.goes(path)
        visitor.fits()
        if found := visitor.axe_violations():
            violations[path] = found

    assert violations == {}


def customer_pages(visitor: Visitor) -> list[str]:
    visitor.goes("/customers?search=mahmud")
    link = visitor.page.get_by_role("link", name="Bapak Mahmud Sulaiman").first
    return [(link.get_attribute("href") or "") + tab for tab in TABS]


def one_of_each(visitor: Visitor) -> list[str]:
    found = []
    for collection in ("/invoices", "/bookings"):
        visitor.goes(collection)
        link = visitor.page.locator(f"main a[href^='{collection}/']:not([href$=new])").first
        found.append(link.get_attribute("href") or "")
    return [*found, account_of(visitor, found[0])]


def an_open_matter(visitor: Visitor, width: int) -> str:
    """Let a transfer of somebody unlikely wait in the inbox, and give its address."""
    row = Row(date(2021, 1, 1) + timedelta(days=width % 300), 900_000 + width, "TRF5", "SETORAN")
    visitor.imports(csv_file([row], 1_000))
    visitor.opens_matter(f"Rp{row.amount_idr:,}".replace(",", "."))
    visitor.sees("Tidak ada usulan yang cukup kuat")
    return urlsplit(visitor.page.url).path


def account_of(visitor: Visitor, invoice: str) -> str:
    visitor.goes(invoice)
    link = visitor.page.locator("main a[href^='/virtual-accounts/']").first
    return link.get_attribute("href") or ""


def test_the_pages_of_strangers_are_finished(visit: Visit, size: ViewportSize) -> None:
    nobody = visit(None)
    for path in ("/login", "/v", "/v/INV/2026/12/000001?k=0000-0000"):
        nobody.goes(path)
        nobody.fits()

        assert nobody.axe_violations() == []
