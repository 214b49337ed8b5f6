"""Queries on live events and the copies beside them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, func, text
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dashboard.models import Customer, Invoice, LiveEvent
from shared.database import Session

_IN_ORDER = text("SELECT pg_advisory_xact_lock(hashtextextended('live_events', 0))")

Copy = TypeVar("Copy", Customer, Invoice)


async def keep(session: Session, copy: Copy) -> bool:
    """Keep the newest version of a copy; False when a newer or equal one is there (E5)."""
    table = type(copy)
    values = copy.model_dump()
    statement = insert(table).values(values)
    newer = statement.excluded.version > col(table.version)
    statement = statement.on_conflict_do_update(
        index_elements=["id"],
        set_={name: statement.excluded[name] for name in values if name != "id"},
        where=newer,
    )
    kept = await session.execute(statement.returning(col(table.id)))
    return kept.first() is not None


async def customer(session: Session, customer_id: UUID) -> Customer | None:
    """Find the copy of a customer."""
    return await session.get(Customer, customer_id)


async def invoice(session: Session, invoice_id: UUID) -> Invoice | None:
    """Find the copy of an invoice."""
    return await session.get(Invoice, invoice_id)


async def bills_of_account(session: Session, owner_id: UUID) -> Sequence[UUID]:
    """List the bills that are paid to the account of a bill, a contract or a customer."""
    query = select(Invoice.id).where(Invoice.va_owner_id == owner_id)
    return (await session.exec(query.order_by(col(Invoice.id)))).all()


async def add(session: Session, event: LiveEvent) -> None:
    """Append an event; the lock makes commits follow the ids, so no reader steps over one."""
    await session.execute(_IN_ORDER)
    session.add(event)
    await session.flush()


async def newest_version(session: Session, object_id: UUID, kind: str) -> int:
    """Give the newest version of an object that was told, of ``payment`` and the like."""
    statement = select(func.max(LiveEvent.object_version)).where(
        LiveEvent.object_id == object_id, col(LiveEvent.type).startswith(kind + ".")
    )
    return (await session.exec(statement)).one() or 0


async def after(session: Session, position: int, limit: int) -> list[LiveEvent]:
    """List what the session's reader may see after a position, in order."""
    statement = (
        select(LiveEvent)
        .where(col(LiveEvent.id) > position)
        .order_by(col(LiveEvent.id))
        .limit(limit)
    )
    return list((await session.exec(statement)).all())


async def changed_users(session: Session, position: int) -> set[UUID]:
    """List the users that changed after a position."""
    statement = select(LiveEvent.object_id).where(
        col(LiveEvent.id) > position, LiveEvent.type == "user.changed"
    )
    return set((await session.exec(statement)).all())


async def bounds(session: Session) -> tuple[int, int]:
    """Give the oldest and the newest position that are kept; zeros when nothing is."""
    statement = select(func.min(LiveEvent.id), func.max(LiveEvent.id))
    oldest, newest = (await session.exec(statement)).one()
    return oldest or 0, newest or 0


async def forget_before(session: Session, instant: datetime) -> None:
    """Drop what no page can still be waiting for."""
    await session.execute(delete(LiveEvent).where(col(LiveEvent.at) < instant))
