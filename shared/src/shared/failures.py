"""Deliveries whose effect failed: tried again on a schedule, then kept for a person (R4, R5)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from shared.bus import Message
from shared.database import Session
from shared.errors import Conflict, NotFound
from shared.ids import new_id
from shared.tables import FailedDelivery

CHANNEL = "lunas_failed_deliveries"
WAITING, DEAD, REPLAYED, DISCARDED = "waiting", "dead", "replayed", "discarded"
SCHEDULE = (
    timedelta(seconds=1),
    timedelta(seconds=10),
    timedelta(seconds=60),
    timedelta(minutes=5),
)


class NotDead(Conflict):
    """Only a dead delivery can be replayed or discarded."""

    detail = "Kiriman ini tidak sedang menunggu tindakan."


async def record(session: Session, message: Message, reason: str, *, permanent: bool) -> None:
    """Keep a delivery whose first try failed, so that it can be acknowledged."""
    now = session.clock.now()
    row = {
        "id": new_id(),
        "event_id": message.event_id,
        "routing_key": message.routing_key,
        "body": message.body.decode(errors="replace"),
        "state": DEAD if permanent else WAITING,
        "reason": reason,
        "attempts": 1,
        "retry_at": None if permanent else now + SCHEDULE[0],
        "failed_at": now,
    }
    await session.execute(insert(FailedDelivery).values(row).on_conflict_do_nothing())


async def next_due(session: Session) -> FailedDelivery | None:
    """Lock the delivery whose time has come, skipping those that another worker holds (K3)."""
    query = (
        select(FailedDelivery)
        .where(FailedDelivery.state == WAITING, col(FailedDelivery.retry_at) <= session.clock.now())
        .order_by(col(FailedDelivery.retry_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).first()


async def next_retry_at(session: Session) -> datetime | None:
    """Give the earliest time at which a waiting delivery wants its next try."""
    query = select(func.min(FailedDelivery.retry_at)).where(FailedDelivery.state == WAITING)
    return (await session.exec(query)).one()


def failed_again(delivery: FailedDelivery, reason: str, now: datetime, *, permanent: bool) -> None:
    """Schedule the next try, or give up after the last."""
    delivery.attempts += 1
    delivery.reason = reason
    if permanent or delivery.attempts > len(SCHEDULE):
        delivery.state, delivery.retry_at = DEAD, None
    else:
        delivery.retry_at = now + SCHEDULE[delivery.attempts - 1]


async def dead(session: Session, limit: int = 200) -> list[FailedDelivery]:
    """List what waits for a person, oldest first."""
    query = (
        select(FailedDelivery)
        .where(FailedDelivery.state == DEAD)
        .order_by(col(FailedDelivery.failed_at))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def count_dead(session: Session) -> int:
    """Count what waits for a person."""
    query = select(func.count()).where(FailedDelivery.state == DEAD)
    return (await session.exec(query)).one()


async def replay(session: Session, delivery_id: UUID) -> None:
    """Try a dead delivery again now; safe, because the inbox makes it once.

    Raises:
        NotFound: there is no such delivery.
        NotDead: it does not wait for a person.
    """
    await _move(session, delivery_id, state=WAITING, retry_at=session.clock.now(), attempts=0)


async def discard(session: Session, delivery_id: UUID, reason: str) -> None:
    """Give a dead delivery up, with the reason kept.

    Raises:
        NotFound: there is no such delivery.
        NotDead: it does not wait for a person.
    """
    await _move(session, delivery_id, state=DISCARDED, reason=f"dibuang: {reason}")


async def _move(session: Session, delivery_id: UUID, **values: object) -> None:
    delivery = await session.get(FailedDelivery, delivery_id)
    if delivery is None:
        raise NotFound
    guarded = (
        update(FailedDelivery)
        .where(col(FailedDelivery.id) == delivery_id, col(FailedDelivery.state) == DEAD)
        .values(**values)
        .returning(col(FailedDelivery.id))
    )
    if (await session.execute(guarded)).first() is None:
        raise NotDead
