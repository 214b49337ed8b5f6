"""Pages of files that are made of lists."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visiting
from dashboard.domain.refusals import Refused
from dashboard.handlers import exports as handlers

router = PageRouter()


@router.post("/exports")
async def request_export(visit: Visiting) -> Response:
    """Have the list that is being looked at written to a file."""
    try:
        job = await handlers.request_export(visit.reader, await visit.values())
    except Refused as refusal:
        return await visit.show("exports/page.html", 422, job=None, refusal=str(refusal))
    return visit.go(f"/exports/{job.id}")


@router.get("/exports/{job_id}")
async def show_export(visit: Visiting, job_id: UUID) -> HTMLResponse:
    """Show how far the file is, and where to fetch it."""
    job = await handlers.find_job(visit.reader, job_id)
    return await visit.show("exports/page.html", job=job, refusal="")
