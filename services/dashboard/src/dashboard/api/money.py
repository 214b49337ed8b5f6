"""Pages of money that came: the feed and the recaps."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from dashboard.api.pages import PageRouter, Visiting
from dashboard.handlers import payments, people, recaps

router = PageRouter()


@router.get("/payments")
async def list_payments(visit: Visiting) -> HTMLResponse:
    """Show payments as they come."""
    shown = await payments.list_payments(visit.reader, visit.query, visit.clock.today())
    sellers = await people.sellers_if_any(visit.reader, wanted=visit.may("users.read"))
    return await visit.show("payments/page.html", sellers=sellers, **shown)


@router.get("/recaps")
async def show_recap(visit: Visiting) -> HTMLResponse:
    """Show a recap per Marketing or per period."""
    shown = await recaps.show_recap(visit.reader, visit.query, visit.clock.today())
    return await visit.show("recaps/page.html", **shown)
