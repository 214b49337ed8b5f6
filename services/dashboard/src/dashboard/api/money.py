"""Pages of money that came: the feed and the recaps."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from dashboard.api.pages import PageRouter, Visiting
from dashboard.domain.lists import PAYMENTS
from dashboard.handlers import payments, recaps

router = PageRouter()


@router.get("/payments")
async def list_payments(visit: Visiting) -> HTMLResponse:
    """Show payments as they come."""
    listing = await visit.listing(PAYMENTS)
    shown = await payments.list_payments(visit.reader, listing, visit.clock.today())
    return await visit.show("payments/page.html", **shown)


@router.get("/recaps")
async def show_recap(visit: Visiting) -> HTMLResponse:
    """Show a recap per Marketing or per period."""
    shown = await recaps.show_recap(visit.reader, visit.query, visit.clock.today())
    return await visit.show("recaps/page.html", **shown)
