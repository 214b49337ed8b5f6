"""What the API is, and what happened to an object."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from gateway.api import plain
from gateway.api.house import TheHouse
from gateway.handlers import history
from shared import activities, audit
from shared.clock import start_of_day
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class HistoryView(BaseModel):
    """Audit rows, newest first; ``unavailable`` names services that could not be asked."""

    items: list[dict[str, Any]]
    next_cursor: str | None
    total: int
    unavailable: list[str]


class AuditQuery(BaseModel):
    """The filters of the audit log; days are of Asia/Jakarta, both included."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    object_id: UUID | None = None
    actor_id: UUID | None = None
    object_type: str | None = Field(default=None, pattern="^[a-z_]{1,40}$")
    first: date | None = Field(default=None, alias="from")
    last: date | None = Field(default=None, alias="to")
    cursor: str | None = Field(default=None, max_length=500)
    limit: int = Field(default=50, ge=1, le=200)

    def wanted(self) -> audit.Wanted:
        """Say it in instants."""
        same = self.model_dump(exclude={"first", "last"})
        since = start_of_day(self.first) if self.first else None
        until = start_of_day(self.last + timedelta(days=1)) if self.last else None
        return audit.Wanted(**same, since=since, until=until)


class ChainView(BaseModel):
    """One service's chain: intact when ``broken_no`` is null; ``checked_at`` is the last look."""

    service: str
    checked_at: datetime | None
    seals: int
    broken_no: int | None
    unsealed: int


class ChainsView(BaseModel):
    """The chains of all services; ``unavailable`` names those that could not be asked."""

    items: list[ChainView]
    unavailable: list[str]


@router.get("/api/v1/audit")
async def list_audit(
    wanted: Annotated[AuditQuery, Query()], house: TheHouse, session: Transaction
) -> HistoryView:
    """Tell who changed what, before and after, in all services.

    ``total`` is exact up to 10,000 rows in a service.
    """
    found = await history.history(wanted.wanted(), house.upstreams, session)
    return HistoryView(
        items=found.rows,
        next_cursor=found.next_cursor,
        total=found.total,
        unavailable=found.unavailable,
    )


@router.get("/api/v1/activities")
async def list_activities(
    wanted: Annotated[activities.Wanted, Query()], house: TheHouse, session: Transaction
) -> HistoryView:
    """Tell what happened around a customer, booking, bill, payment or account, in all services.

    ``total`` counts the page only: what is in a reader's scope is not counted beyond it.
    """
    given = wanted.model_copy(update={"limit": min(wanted.limit, 200)})
    found = await history.happenings(given, house.upstreams, session)
    return HistoryView(
        items=found.rows,
        next_cursor=found.next_cursor,
        total=found.total,
        unavailable=found.unavailable,
    )


@router.get("/api/v1/audit/chain")
async def list_chains(house: TheHouse, session: Transaction) -> ChainsView:
    """Tell whether the audit log is whole, and when that was last examined."""
    found = await history.chains(house.upstreams, session)
    items = [ChainView.model_validate(item) for item in found.items]
    return ChainsView(items=items, unavailable=found.unavailable)


@router.get("/api/v1/openapi.json")
async def openapi(house: TheHouse) -> dict[str, Any]:
    """Describe the whole public API."""
    return await house.description.document(house.service.clock.now())


@router.get("/api/v1/docs", response_class=HTMLResponse)
async def docs(house: TheHouse) -> HTMLResponse:
    """List the operations for people."""
    document = await house.description.document(house.service.clock.now())
    return HTMLResponse(plain.catalogue(document))
