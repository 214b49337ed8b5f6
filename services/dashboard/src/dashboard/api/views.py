"""Lists that people keep as tabs."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PRIVATE, PageRouter, Visiting
from dashboard.domain.wording import grouped
from dashboard.handlers import views as handlers

router = PageRouter()


@router.post("/views")
async def keep(visit: Visiting) -> Response:
    """Keep the list that is looked at; only who looks after users may share it."""
    values = await visit.values()
    here = await handlers.keep(
        visit.sessions,
        visit.principal,
        values["list"],
        values["name"],
        values["address"],
        shared=values["shared"] == "yes" and visit.may(handlers.SHARES),
    )
    return visit.back(here, "kept")


@router.get("/views/{view_id}/count")
async def count(visit: Visiting, view_id: UUID) -> HTMLResponse:
    """Tell how many rows a kept list has now."""
    found = await handlers.count(visit.sessions, visit.principal, visit.reader, view_id)
    return HTMLResponse(grouped(found), headers=PRIVATE)


@router.post("/views/{view_id}")
async def rename(visit: Visiting, view_id: UUID) -> Response:
    """Give a kept list another name."""
    values = await visit.values()
    here = await handlers.rename(visit.sessions, visit.principal, view_id, values["name"])
    return visit.back(here, "renamed")


@router.post("/views/{view_id}/delete")
async def forget(visit: Visiting, view_id: UUID) -> Response:
    """Throw a kept list away."""
    await visit.values()
    path = await handlers.forget(visit.sessions, visit.principal, view_id)
    return visit.back(path, "forgotten")
