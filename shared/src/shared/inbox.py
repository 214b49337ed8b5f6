"""The consumer's memory: each event has its effect once (E3)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from shared.database import Session
from shared.events import Event
from shared.tables import InboxEntry


async def first_deliveries(session: Session, events: Sequence[Event]) -> set[UUID]:
    """Claim events in the caller's transaction; give those that no past delivery did."""
    now = session.clock.now()
    rows = [
        {"event_id": event.event_id, "routing_key": event.routing_key(), "received_at": now}
        for event in {event.event_id: event for event in events}.values()
    ]
    claim = insert(InboxEntry).values(rows).on_conflict_do_nothing()
    return set((await session.scalars(claim.returning(col(InboxEntry.event_id)))).all())
