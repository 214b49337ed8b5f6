"""The page of what happened around one thing."""

from __future__ import annotations

from fastapi.responses import HTMLResponse

from dashboard.api.pages import PageRouter, Visiting
from dashboard.handlers import activities as handlers

router = PageRouter()


@router.get("/activity")
async def show_activity(visit: Visiting) -> HTMLResponse:
    """Show what happened around a bill, a booking, a payment or an account."""
    about = await handlers.subject_of(visit.reader, visit.query)
    shown = await handlers.stream(visit.reader, about["subject"], visit.query, about["path"])
    return await visit.show("activities/page.html", about=about, stream=shown)
