"""What the API is, and what happened to an object."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from gateway.api import plain
from gateway.api.house import TheHouse
from gateway.handlers.history import history_of
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class HistoryView(BaseModel):
    """Audit rows, newest first; ``unavailable`` names services that could not be asked."""

    items: list[dict[str, Any]]
    next_cursor: None = None
    total: int
    unavailable: list[str]


@router.get("/api/v1/audit")
async def audit(
    object_id: UUID,
    house: TheHouse,
    session: Transaction,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> HistoryView:
    """Tell who changed an object, before and after, in all services."""
    history = await history_of(object_id, house.upstreams, session)
    return HistoryView(
        items=history.rows[:limit], total=len(history.rows), unavailable=history.unavailable
    )


@router.get("/api/v1/openapi.json")
async def openapi(house: TheHouse) -> dict[str, Any]:
    """Describe the whole public API."""
    return await house.description.document(house.service.clock.now())


@router.get("/api/v1/docs", response_class=HTMLResponse)
async def docs(house: TheHouse) -> HTMLResponse:
    """List the operations for people."""
    document = await house.description.document(house.service.clock.now())
    return HTMLResponse(plain.catalogue(document))
