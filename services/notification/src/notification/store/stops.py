"""Queries about who wants no messages."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.domain.message import StopNotFound
from notification.models import Customer, MessageStop
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first


class StopQuery(ListQuery):
    """The filters of the stop list."""

    customer_id: UUID | None = None


async def holds(session: Session, customer_id: UUID) -> bool:
    """Tell whether a customer wants no messages."""
    query = select(MessageStop.id).where(
        MessageStop.customer_id == customer_id, col(MessageStop.lifted_at).is_(None)
    )
    return (await session.exec(query)).first() is not None


async def add_once(session: Session, stop: MessageStop) -> bool:
    """Put a customer on the list; False when he is on it."""
    row = insert(MessageStop).values(**stop.model_dump()).on_conflict_do_nothing()
    return (await session.execute(row.returning(col(MessageStop.id)))).first() is not None


async def lock(session: Session, stop_id: UUID) -> MessageStop:
    """Read a stop that holds, for lifting it.

    Raises:
        StopNotFound: there is none in the caller's scope.
    """
    stop = await session.get(MessageStop, stop_id, with_for_update=True)
    if stop is None or stop.lifted_at is not None:
        raise StopNotFound
    return stop


async def find(session: Session, wanted: StopQuery) -> Found[MessageStop]:
    """List the stops that hold, newest first."""
    query = select(MessageStop).where(col(MessageStop.lifted_at).is_(None))
    if wanted.customer_id is not None:
        query = query.where(MessageStop.customer_id == wanted.customer_id)
    return await newest_first(session, query, MessageStop.id, wanted)


async def customers_with(session: Session, phone: str) -> list[UUID]:
    """Name the customers who have a number."""
    return list((await session.exec(select(Customer.id).where(Customer.phone == phone))).all())
