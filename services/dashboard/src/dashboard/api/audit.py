"""The page of the audit log (P11)."""

from __future__ import annotations

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PRIVATE, PageRouter, Visiting
from dashboard.handlers import audit as handlers
from shared.sheets.writer import MEDIA

router = PageRouter()


@router.get("/audit")
async def list_audit(visit: Visiting) -> HTMLResponse:
    """Show who changed what, and whether the log is whole."""
    return await visit.show(
        "audit/list.html", **await handlers.list_audit(visit.reader, visit.query)
    )


@router.post("/audit/file")
async def fetch_file(visit: Visiting) -> Response:
    """Give the rows of a filter as a file; taking it is a row of the log itself (P3)."""
    values = await visit.values()
    service = visit.request.app.state.service
    async with service.sessions.begin(visit.principal) as session:
        file = await handlers.write_file(visit.reader, values, session, visit.principal.name)
    name = f"jejak-audit-{visit.clock.today().isoformat()}.csv"
    headers = PRIVATE | {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(file, media_type=MEDIA["csv"], headers=headers)
