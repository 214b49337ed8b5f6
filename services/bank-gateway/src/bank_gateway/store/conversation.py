"""What people look at: the messages about one billing, and how the link to the bank is doing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, tuple_
from sqlalchemy.orm import defer
from sqlmodel import col, select

from bank_gateway.domain.limits import Pace
from bank_gateway.models import CallPause, Exchange, PaceState, Payment, Work
from bank_gateway.store.limits import resting
from shared.database import Session
from shared.paging import InstantKey


@dataclass(frozen=True, slots=True)
class Counted:
    """How many exchanges of a kind ended with a status, and when the last did."""

    operation: str
    status: str
    count: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Unverified:
    """Payments that the bank has told of and not yet confirmed (C11)."""

    count: int
    amount_idr: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Turns:
    """Billings whose questions are used up for now, and when the last of them has its turn."""

    accounts: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Queue:
    """What there is to do at the bank; ``given_up`` waits for a person (R2)."""

    due: int
    later: int
    given_up: int
    oldest_due_at: datetime | None


async def exchanges(
    session: Session, trx_id: str, after: InstantKey | None, limit: int
) -> list[Exchange]:
    """List the messages about a billing, newest first; their sealed bodies stay where they are."""
    query = select(Exchange).options(
        defer(_attribute(Exchange.sealed_sent)), defer(_attribute(Exchange.sealed_received))
    )
    query = query.where(Exchange.trx_id == trx_id)
    if after is not None:
        query = query.where(tuple_(col(Exchange.at), col(Exchange.id)) < after)
    newest = query.order_by(col(Exchange.at).desc(), col(Exchange.id).desc()).limit(limit)
    return list((await session.exec(newest)).all())


async def count_exchanges(session: Session, trx_id: str) -> int:
    query = select(func.count()).select_from(Exchange).where(Exchange.trx_id == trx_id)
    return (await session.exec(query)).one()


async def work_of(session: Session, account_id: UUID) -> list[Work]:
    """List what is still to be done about an account and its payments."""
    paid = select(Payment.id).where(Payment.virtual_account_id == account_id)
    about = or_(col(Work.subject_id) == account_id, col(Work.subject_id).in_(paid))
    query = select(Work).where(about).order_by(col(Work.due_at).nulls_last(), col(Work.id))
    return list((await session.exec(query)).all())


async def counted_since(session: Session, since: datetime) -> list[Counted]:
    """Count exchanges by operation and status."""
    query = (
        select(Exchange.operation, Exchange.status, func.count(), func.max(Exchange.at))
        .where(Exchange.at >= since)
        .group_by(Exchange.operation, Exchange.status)
        .order_by(Exchange.operation, Exchange.status)
    )
    return [Counted(*row) for row in await session.exec(query)]


async def unverified(session: Session) -> Unverified:
    query = select(
        func.count(), func.coalesce(func.sum(Payment.amount_idr), 0), func.min(Payment.received_at)
    ).where(Payment.verification == "unverified")
    count, amount, oldest = (await session.exec(query)).one()
    return Unverified(count, int(amount), oldest)


async def queue(session: Session) -> Queue:
    """Count the work by when it is due."""
    now = session.clock.now()
    due = col(Work.due_at) <= now
    query = select(
        func.count().filter(due),
        func.count().filter(col(Work.due_at) > now),
        func.count().filter(col(Work.due_at).is_(None)),
        func.min(Work.due_at).filter(due),
    )
    return Queue(*(await session.exec(query)).one())


async def pauses(session: Session) -> list[CallPause]:
    """List the operations that the bank wants no more of for now."""
    query = select(CallPause).where(*resting(session)).order_by(CallPause.call)
    return list((await session.exec(query)).all())


async def turns(session: Session, pace: Pace) -> Turns:
    """Count the billings about which no question may leave now."""
    now = session.clock.now()
    query = select(PaceState.free_at).where(
        col(PaceState.subject).startswith("questions:"), PaceState.free_at > now
    )
    starts = [pace.start(free_at, now) for free_at in await session.exec(query)]
    waiting = [start for start in starts if start > now]
    return Turns(len(waiting), max(waiting, default=None))


def _attribute(column: object) -> Any:
    return column
