"""Queries about when bills are looked at, and which steps of the ladder were taken."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.domain.message import OPEN
from notification.models import BillLook, Invoice, Reminder
from shared.database import Session


async def taken(session: Session, invoice_id: UUID) -> set[int]:
    """Tell which steps were taken, or went by."""
    query = select(Reminder.step).where(Reminder.invoice_id == invoice_id)
    return set((await session.exec(query)).all())


async def since(session: Session, invoice_id: UUID) -> date | None:
    """Tell since when a bill is looked at; None: it is not yet."""
    found = await session.get(BillLook, invoice_id)
    return found.since if found else None


async def plan(
    session: Session, invoice_id: UUID, known_since: date, due_at: datetime | None
) -> None:
    """Say when to look at a bill next; whoever is at it finds that changed."""
    row = insert(BillLook).values(
        invoice_id=invoice_id, since=known_since, due_at=due_at, leased_until=None
    )
    changed = {"due_at": due_at, "leased_until": None}
    await session.execute(row.on_conflict_do_update(index_elements=["invoice_id"], set_=changed))


async def plan_all(session: Session) -> None:
    """Look at every bill that wants money at once: the rules have changed."""
    open_bills = select(Invoice.id).where(col(Invoice.status).in_(OPEN))
    anew = update(BillLook).where(col(BillLook.invoice_id).in_(open_bills))
    await session.execute(anew.values(due_at=session.clock.now()))


async def lease(session: Session, most: int, duration: timedelta) -> list[UUID]:
    """Take the most overdue bills; a dead worker's lease runs out by itself (K3)."""
    now = session.clock.now()
    due = (
        select(BillLook.invoice_id)
        .where(
            col(BillLook.due_at) <= now,
            or_(col(BillLook.leased_until).is_(None), col(BillLook.leased_until) <= now),
        )
        .order_by(col(BillLook.due_at))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    leased = (
        update(BillLook)
        .where(col(BillLook.invoice_id).in_(due))
        .values(leased_until=now + duration)
        .returning(col(BillLook.invoice_id))
    )
    return list((await session.execute(leased)).scalars())


async def put_off(session: Session, invoice_id: UUID, until: datetime) -> None:
    """Look at a bill later."""
    later = update(BillLook).where(col(BillLook.invoice_id) == invoice_id)
    await session.execute(later.values(due_at=until, leased_until=None))


async def lock_bill(session: Session, invoice_id: UUID) -> Invoice | None:
    """Lock a bill first, as news about it do (K2)."""
    return await session.get(Invoice, invoice_id, with_for_update=True)


async def lock_due(session: Session, invoice_id: UUID) -> BillLook | None:
    """Lock when to look at a bill; None when it is not due any more."""
    query = (
        select(BillLook)
        .where(BillLook.invoice_id == invoice_id, col(BillLook.due_at) <= session.clock.now())
        .with_for_update()
    )
    return (await session.exec(query)).first()


async def next_due_at(session: Session) -> datetime | None:
    """Tell when there is work next."""
    free_at = func.greatest(BillLook.due_at, BillLook.leased_until)
    query = select(func.min(free_at)).where(col(BillLook.due_at).is_not(None))
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def take(session: Session, invoice_id: UUID, step: int, message_id: UUID | None) -> bool:
    """Take a step of the ladder; False when it was taken before (I)."""
    row = insert(Reminder).values(
        invoice_id=invoice_id, step=step, message_id=message_id, at=session.clock.now()
    )
    first = row.on_conflict_do_nothing(index_elements=["invoice_id", "step"])
    return (await session.execute(first.returning(col(Reminder.step)))).first() is not None


async def pass_by(session: Session, invoice_id: UUID, steps: Iterable[int]) -> None:
    """Note steps whose time went by, so that none is ever taken late."""
    for step in steps:
        await take(session, invoice_id, step, None)
