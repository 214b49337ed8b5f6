"""Notifications on their way: leased, so that nobody sends one twice at a time (K3)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, update
from sqlmodel import col, select

from bni_sandbox.models import Delivery
from shared.database import Session

PENDING, DELIVERED, FAILED, WITHHELD = "pending", "delivered", "failed", "withheld"
CHANNEL = "bni_sandbox_delivery"


async def first_of(session: Session, payment_id: UUID) -> Delivery | None:
    query = select(Delivery).where(Delivery.payment_id == payment_id).order_by(col(Delivery.id))
    return (await session.exec(query.limit(1))).first()


async def of_payments(session: Session, payment_ids: Iterable[UUID]) -> dict[UUID, list[Delivery]]:
    """Give the notifications of each payment, oldest first."""
    query = select(Delivery).where(col(Delivery.payment_id).in_(list(payment_ids)))
    found: dict[UUID, list[Delivery]] = {}
    for delivery in await session.exec(query.order_by(col(Delivery.id))):
        found.setdefault(delivery.payment_id, []).append(delivery)
    return found


async def lock_waiting(session: Session, payment_id: UUID) -> Delivery | None:
    """Lock a notification of this payment that nobody is sending right now."""
    now = session.clock.now()
    query = select(Delivery).where(
        Delivery.payment_id == payment_id, Delivery.state == PENDING, _free(now)
    )
    return (await session.exec(query.limit(1).with_for_update(skip_locked=True))).first()


async def lease(session: Session, length: timedelta, limit: int) -> list[Delivery]:
    """Take the notifications whose time has come; nobody else sends them during the lease."""
    now = session.clock.now()
    query = (
        select(Delivery)
        .where(Delivery.state == PENDING, col(Delivery.due_at) <= now, _free(now))
        .order_by(col(Delivery.due_at), col(Delivery.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = list((await session.exec(query)).all())
    for delivery in taken:
        delivery.leased_until = now + length
        delivery.attempts += 1
        delivery.held = False
    return taken


async def next_at(session: Session) -> datetime | None:
    """Give the earliest time at which a notification may be taken, leases respected."""
    free_at = func.greatest(Delivery.due_at, Delivery.leased_until)  # ignores NULL
    query = select(func.min(free_at)).where(Delivery.state == PENDING)
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def anybody_held(session: Session) -> bool:
    query = select(Delivery.id).where(col(Delivery.held).is_(True)).limit(1)
    return (await session.exec(query)).first() is not None


async def release_held(session: Session) -> None:
    """Let the overtaken ones go."""
    await session.execute(
        update(Delivery)
        .where(col(Delivery.held).is_(True))
        .values(held=False, due_at=session.clock.now())
    )


def _free(now: datetime) -> ColumnElement[bool]:
    return or_(col(Delivery.leased_until).is_(None), col(Delivery.leased_until) <= now)
