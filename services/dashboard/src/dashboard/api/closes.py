"""Pages of closed days: the list with what waits, the close, the certificate."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visiting
from dashboard.domain.refusals import Refused
from dashboard.handlers import closes as handlers
from shared.errors import NotFound

router = PageRouter()


@router.get("/closes")
async def list_closes(visit: Visiting) -> HTMLResponse:
    """Show closed days, and what stands before the next close."""
    shown = await handlers.list_closes(visit.reader, visit.query)
    return await visit.show("closes/list.html", **shown)


@router.get("/closes/new")
async def preview_close(visit: Visiting) -> HTMLResponse:
    """Show what closing the next day would certify, with the one button."""
    return await visit.show("closes/new.html", trouble="", **await handlers.preview(visit.reader))


@router.post("/closes")
async def close_day(visit: Visiting) -> Response:
    """Close the day that was previewed."""
    day = _day((await visit.values())["day"])
    try:
        await handlers.close_day(visit.reader, day)
    except Refused as refusal:
        shown = await handlers.preview(visit.reader)
        return await visit.show("closes/new.html", 422, trouble=str(refusal), **shown)
    return visit.go(f"/closes/{day.isoformat()}", said="closed")


@router.post("/closes/check")
async def check_books(visit: Visiting) -> Response:
    """Have all books checked."""
    await handlers.check_books(visit.reader)
    return visit.go("/closes")


@router.get("/closes/{day}")
async def show_certificate(visit: Visiting, day: date) -> HTMLResponse:
    """Show the certificate of a day."""
    shown = await handlers.show_certificate(visit.reader, day)
    return await visit.show("closes/page.html", before=day - timedelta(days=1), **shown)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound from None
