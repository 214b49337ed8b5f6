"""``/api/v1/message-stops``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints

from notification.handlers import stops as handlers
from notification.models import MessageStop
from notification.store import stops as store
from notification.store.stops import StopQuery
from shared.paging import Page
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class NewStop(BaseModel):
    """A customer wants no messages."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200)]


class StopView(BaseModel):
    """A customer who gets no messages, why, and since when."""

    id: UUID
    customer_id: UUID
    reason: str
    added_by: str
    added_at: datetime


@router.get("/api/v1/message-stops")
async def list_stops(wanted: Annotated[StopQuery, Query()], session: Transaction) -> Page[StopView]:
    """List who wants no messages."""
    return (await store.find(session, wanted)).page(view)


@router.post("/api/v1/message-stops", status_code=201)
async def add_stop(body: NewStop, session: Transaction) -> StopView:
    """Send a customer no more messages; what waits for him is called back."""
    by = session.principal.name
    return view(await handlers.add(session, body.customer_id, body.reason, by))


@router.delete("/api/v1/message-stops/{stop_id}")
async def lift_stop(stop_id: UUID, session: Transaction) -> StopView:
    """Write to a customer again."""
    return view(await handlers.lift(session, stop_id))


def view(stop: MessageStop) -> StopView:
    """Shape an entry for the answer."""
    return StopView(
        id=stop.id,
        customer_id=stop.customer_id,
        reason=stop.reason,
        added_by=stop.added_by_name,
        added_at=stop.added_at,
    )
