"""The consumer's memory: each event has its effect once (E3)."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import CursorResult
from sqlalchemy.dialects.postgresql import insert

from shared.database import Session
from shared.events import Event
from shared.tables import InboxEntry


async def first_delivery(session: Session, event: Event) -> bool:
    """Claim the event in the caller's transaction; False when a past delivery did."""
    claim = (
        insert(InboxEntry)
        .values(
            event_id=event.event_id,
            routing_key=event.routing_key(),
            received_at=session.clock.now(),
        )
        .on_conflict_do_nothing()
    )
    result = cast(CursorResult[Any], await session.execute(claim))
    return bool(result.rowcount)
