"""Queries about handovers and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Text, cast, delete, func, literal
from sqlalchemy import select as columns
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from customer.domain.booking import BookingStatus
from customer.domain.handover import HandoverNotFound, HandoverState, RowState
from customer.models import Booking, Customer, Handover, HandoverRow
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first

_AT_WORK = (HandoverState.RUNNING, HandoverState.UNDOING)


class RowQuery(ListQuery):
    """The filters of a handover's rows."""

    state: RowState | None = None


async def get(session: Session, handover_id: UUID, *, lock: bool = False) -> Handover:
    """Read one handover, for a change with ``lock``.

    Raises:
        HandoverNotFound: there is none.
    """
    query = select(Handover).where(Handover.id == handover_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(query)).first()
    if found is None:
        raise HandoverNotFound
    return found


async def find(session: Session, wanted: ListQuery) -> Found[Handover]:
    """List handovers, newest first."""
    query = select(Handover)
    if wanted.search:
        query = query.where(col(Handover.to_name).icontains(wanted.search, autoescape=True))
    return await newest_first(session, query, Handover.id, wanted)


async def add_rows(
    session: Session, handover: Handover, customers: Sequence[UUID] | None, owner_id: UUID | None
) -> int:
    """Choose customers in one statement: those named, or all of one Marketing; count them."""
    chosen = columns(
        literal(handover.id),
        col(Customer.id),
        col(Customer.marketing_id),
        col(Customer.marketing_name),
        literal(str(RowState.WAITING)),
    ).where(col(Customer.marketing_id) != handover.to_id)
    if customers is not None:
        chosen = chosen.where(col(Customer.id).in_(customers))
    if owner_id is not None:
        chosen = chosen.where(col(Customer.marketing_id) == owner_id)
    names = ["handover_id", "customer_id", "from_id", "from_name", "state"]
    added = insert(HandoverRow).from_select(names, chosen).returning(col(HandoverRow.customer_id))
    return len((await session.execute(added)).all())


async def rows(session: Session, handover_id: UUID, wanted: RowQuery) -> Found[HandoverRow]:
    """List rows, the newest customer first."""
    query = select(HandoverRow).where(HandoverRow.handover_id == handover_id)
    if wanted.state:
        query = query.where(HandoverRow.state == wanted.state)
    return await newest_first(session, query, HandoverRow.customer_id, wanted)


async def drafts_of(session: Session, customers: Sequence[UUID]) -> dict[UUID, int]:
    """Count the bookings that are still drafts, by customer."""
    query = (
        select(Booking.customer_id, func.count())
        .where(col(Booking.customer_id).in_(customers), Booking.status == BookingStatus.DRAFT)
        .group_by(col(Booking.customer_id))
    )
    return dict((await session.exec(query)).all())


async def counts(session: Session, handover_id: UUID) -> dict[RowState, int]:
    """Count rows by what became of them."""
    query = (
        select(HandoverRow.state, func.count())
        .where(HandoverRow.handover_id == handover_id)
        .group_by(col(HandoverRow.state))
    )
    return {RowState(state): count for state, count in (await session.exec(query)).all()}


async def parts(
    session: Session, handover_id: UUID, states: Sequence[RowState] | None = None
) -> list[tuple[UUID, str, int, UUID]]:
    """Give, by who had them: id, name, how many customers, and one of them."""
    query = (
        select(
            HandoverRow.from_id,
            func.min(HandoverRow.from_name),
            func.count(),
            func.min(cast(col(HandoverRow.customer_id), Text)),
        )
        .where(HandoverRow.handover_id == handover_id)
        .group_by(col(HandoverRow.from_id))
        .order_by(func.min(HandoverRow.from_name))
    )
    if states is not None:
        query = query.where(col(HandoverRow.state).in_(states))
    found = (await session.exec(query)).all()
    return [(from_id, name, count, UUID(one)) for from_id, name, count, one in found]


async def at_work(session: Session) -> Handover | None:
    """Find the oldest handover that is not finished and nobody holds."""
    query = (
        select(Handover)
        .where(col(Handover.state).in_(_AT_WORK))
        .order_by(col(Handover.started_at), col(Handover.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).first()


async def to_do(
    session: Session, handover: Handover, state: RowState, most: int
) -> Sequence[HandoverRow]:
    """Read the next rows, in a fixed order (K2)."""
    query = (
        select(HandoverRow)
        .where(HandoverRow.handover_id == handover.id, HandoverRow.state == state)
        .order_by(col(HandoverRow.customer_id))
        .limit(most)
    )
    return (await session.exec(query)).all()


async def forget_drafts(session: Session, before: datetime) -> None:
    """Delete drafts that nobody ran (P3)."""
    old = select(Handover.id).where(
        Handover.state == HandoverState.DRAFT, Handover.made_at < before
    )
    await session.execute(delete(HandoverRow).where(col(HandoverRow.handover_id).in_(old)))
    unrun = col(Handover.state) == HandoverState.DRAFT, col(Handover.made_at) < before
    await session.execute(delete(Handover).where(*unrun))
