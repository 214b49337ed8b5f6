"""The first page."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from dashboard.api.pages import PageRouter, Visiting
from dashboard.handlers.home import show_home

router = PageRouter()


@router.get("/")
async def home(visit: Visiting) -> HTMLResponse:
    """Show what needs doing and what came."""
    shown = await show_home(visit.reader, visit.clock.now(), visit.may)
    return await visit.show("home/page.html", **shown)
