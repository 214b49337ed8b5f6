"""Files of lists over HTTP: asked for by one POST, looked at as a job, fetched when done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request
from fastapi.responses import StreamingResponse

from reporting.api.export_views import ExportRequest, JobView, view
from reporting.handlers import exports as handlers
from reporting.settings import Settings
from reporting.store.exports import jobs
from shared.paging import ListQuery, Page
from shared.service import Service
from shared.sheets.writer import MEDIA
from shared.web import Caller, ServiceRouter, Transaction

router = ServiceRouter()
_PRIVATE = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@router.post("/api/v1/exports", status_code=202)
async def request_export(
    session: Transaction, body: Annotated[ExportRequest, Body()], request: Request
) -> JobView:
    """Have a list written to a file, with the list's own filters, in the caller's scope."""
    settings: Settings = request.app.state.service.settings
    kept = timedelta(days=settings.export_days)
    return view(await handlers.request_export(session, body.wish, kept))


@router.get("/api/v1/exports")
async def list_exports(
    session: Transaction, wanted: Annotated[ListQuery, Query()]
) -> Page[JobView]:
    """List the caller's own files, the newest first, until they expire."""
    return (await jobs.listed(session, wanted)).page(view)


@router.get("/api/v1/jobs/{job_id}")
async def show_job(job_id: UUID, session: Transaction) -> JobView:
    """Show how far a file is; only its maker sees it."""
    return view(await handlers.find_job(session, job_id))


@router.get("/api/v1/jobs/{job_id}/file", response_class=StreamingResponse)
async def fetch_file(
    job_id: UUID, session: Transaction, caller: Caller, request: Request
) -> StreamingResponse:
    """Fetch the file, only by its maker, and only while he may still see what is in it."""
    job = await handlers.open_file(session, job_id)
    service: Service = request.app.state.service
    content: AsyncIterator[bytes] = jobs.pieces(service.sessions, caller, job.id)
    headers = _PRIVATE | {
        "Content-Disposition": f'attachment; filename="{job.file_name}"',
        "Content-Length": str(job.size_bytes),
    }
    return StreamingResponse(content, media_type=MEDIA[job.format], headers=headers)
