"""Queries of what needs a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.domain.ledger import SUSPENSE
from reconciliation.models import LedgerEntry, MoneyException, Sighting
from shared.clock import start_of_day
from shared.database import Session
from shared.errors import NotFound, VersionStale
from shared.paging import InstantKey

Age = Literal["new", "week", "old"]
"""Since today or yesterday; two to seven days; longer."""

_NEW_DAYS, _WEEK_DAYS = 1, 7
_SUBJECT = ("payment_id", "bank_line_id", "notice_id")


class ExceptionNotFound(NotFound):
    """No such exception, or not the reader's."""

    detail = "Pengecualian tidak ditemukan."


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """What the list is narrowed to; ``is_open`` None means both.

    ``owner`` is an id, or ``nobody``; ``age`` counts WIB days up to ``today``.
    """

    is_open: bool | None = True
    kind: str | None = None
    customer_id: UUID | None = None
    search: str = ""
    owner: UUID | Literal["nobody"] | None = None
    age: Age | None = None
    today: date = date.min


def row_of(finding: Finding, opened_at: datetime) -> MoneyException:
    """Shape a finding as a row that is open since then."""
    subject = {name: getattr(finding, name) for name in _SUBJECT}
    kind = finding.kind.value
    return MoneyException(
        kind=kind, key=finding.key, opened_at=opened_at, **subject, **telling(finding)
    )


def telling(finding: Finding) -> dict[str, Any]:
    """Give what an open row takes over when its finding is told again."""
    return {
        "customer_id": finding.customer_id,
        "amount_idr": finding.amount.amount,
        "evidence": finding.evidence,
        "supports": list(finding.supports),
        "contradicts": list(finding.contradicts),
        "facts": dict(finding.facts),
    }


async def insert_unless_open(session: Session, opened: MoneyException) -> bool:
    """Add a row unless one of its kind and key is open; tell whether it was added (K1)."""
    statement = (
        insert(MoneyException)
        .values(opened.model_dump())
        .on_conflict_do_nothing(
            index_elements=["kind", "key"], index_where=col(MoneyException.closed_at).is_(None)
        )
        .returning(col(MoneyException.id))
    )
    return (await session.execute(statement)).first() is not None


async def is_open_at(session: Session, kinds: Collection[ExceptionKind], number: str) -> bool:
    """Tell whether something is open about an account or what was seen there, without a lock."""
    seen = select(cast(Sighting.subject_id, Text)).where(Sighting.virtual_account == number)
    query = select(MoneyException.id).where(
        col(MoneyException.kind).in_([kind.value for kind in kinds]),
        or_(col(MoneyException.key) == number, col(MoneyException.key).in_(seen)),
        col(MoneyException.closed_at).is_(None),
    )
    return (await session.exec(query.limit(1))).first() is not None


async def find_open(session: Session, kind: ExceptionKind, key: str) -> MoneyException | None:
    """Load and lock what is open of a kind about something."""
    query = select(MoneyException).where(
        MoneyException.kind == kind.value,
        MoneyException.key == key,
        col(MoneyException.closed_at).is_(None),
    )
    return (await session.exec(query.with_for_update())).first()


async def open_about(
    session: Session, kinds: Collection[str], keys: Collection[str]
) -> list[MoneyException]:
    """Load and lock what is open of some kinds about some things, in a fixed order."""
    query = select(MoneyException).where(
        col(MoneyException.kind).in_(kinds),
        col(MoneyException.key).in_(keys),
        col(MoneyException.closed_at).is_(None),
    )
    query = query.order_by(col(MoneyException.id)).with_for_update()
    return list((await session.exec(query)).all())


async def open_of(session: Session, kind: ExceptionKind) -> list[MoneyException]:
    """Load and lock everything that is open of a kind, in a fixed order."""
    query = select(MoneyException).where(
        MoneyException.kind == kind.value, col(MoneyException.closed_at).is_(None)
    )
    query = query.order_by(col(MoneyException.id)).with_for_update()
    return list((await session.exec(query)).all())


async def last_closed(session: Session, kind: ExceptionKind, key: str) -> MoneyException | None:
    """Give what was closed last of a kind about something."""
    query = select(MoneyException).where(
        MoneyException.kind == kind.value,
        MoneyException.key == key,
        col(MoneyException.closed_at).is_not(None),
    )
    return (await session.exec(query.order_by(col(MoneyException.closed_at).desc()))).first()


async def get_open(session: Session, kind: ExceptionKind, key: str) -> MoneyException:
    """Load and lock what is known to be open."""
    found = await find_open(session, kind, key)
    if found is None:
        raise ExceptionNotFound
    return found


async def get_exception(session: Session, exception_id: UUID) -> MoneyException:
    """Load an exception to look at it.

    Raises:
        ExceptionNotFound: not there, or not the reader's.
    """
    found = await session.get(MoneyException, exception_id)
    if found is None:
        raise ExceptionNotFound
    return found


async def lock_current(session: Session, exception_id: UUID, version: int) -> MoneyException:
    """Load and lock an exception that is still as the writer saw it; its money is locked already.

    Raises:
        ExceptionNotFound: not there, or not the writer's.
        VersionStale: somebody else was faster (K4).
    """
    found = await session.get(
        MoneyException, exception_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise ExceptionNotFound
    if found.version != version:
        raise VersionStale(version=found.version)
    return found


async def list_exceptions(
    session: Session, wanted: ExceptionFilter, after: InstantKey | None, limit: int
) -> tuple[list[MoneyException], int, int]:
    """Give one page, oldest first, the count and the sum of the filter."""
    conditions = _conditions(wanted)
    figures = select(func.count(), func.coalesce(func.sum(MoneyException.amount_idr), 0))
    count, amount = (await session.execute(figures.where(*conditions))).one()
    query = select(MoneyException).where(*conditions)
    if after is not None:
        query = query.where(tuple_(col(MoneyException.opened_at), col(MoneyException.id)) > after)
    query = query.order_by(col(MoneyException.opened_at), col(MoneyException.id)).limit(limit)
    return list((await session.exec(query)).all()), count, int(amount)


async def count_ages(session: Session, wanted: ExceptionFilter) -> dict[str, int]:
    """Count the filter by age, whatever age it asks for."""
    ages: tuple[Age, ...] = get_args(Age)
    counts = [func.count().filter(_is_of(age, wanted.today)).label(age) for age in ages]
    query = select(*counts).select_from(MoneyException)
    row = await session.execute(query.where(*_conditions(replace(wanted, age=None))))
    return dict(row.mappings().one())


async def sum_unknown(session: Session) -> int:
    """Add up what is open of money that belongs to nobody known."""
    query = select(func.coalesce(func.sum(MoneyException.amount_idr), 0)).where(
        MoneyException.kind == ExceptionKind.UNKNOWN_PAYER.value,
        col(MoneyException.closed_at).is_(None),
    )
    return int((await session.execute(query)).scalar_one())


async def suspense_balance(session: Session) -> int:
    """Give what the ledger holds for nobody known (M9)."""
    query = select(func.coalesce(func.sum(-col(LedgerEntry.amount_idr)), 0)).where(
        LedgerEntry.account == SUSPENSE
    )
    return int((await session.execute(query)).scalar_one())


def _conditions(wanted: ExceptionFilter) -> list[Any]:
    conditions: list[Any] = []
    if wanted.is_open is not None:
        closed = col(MoneyException.closed_at)
        conditions.append(closed.is_(None) if wanted.is_open else closed.is_not(None))
    if wanted.kind is not None:
        conditions.append(MoneyException.kind == wanted.kind)
    if wanted.customer_id is not None:
        conditions.append(MoneyException.customer_id == wanted.customer_id)
    if wanted.search:
        evidence = col(MoneyException.evidence)
        conditions.append(evidence.icontains(wanted.search, autoescape=True))
    if wanted.owner == "nobody":
        conditions.append(col(MoneyException.owner_id).is_(None))
    elif wanted.owner is not None:
        conditions.append(MoneyException.owner_id == wanted.owner)
    if wanted.age is not None:
        conditions.append(_is_of(wanted.age, wanted.today))
    return conditions


def _is_of(age: Age, today: date) -> ColumnElement[bool]:
    opened = col(MoneyException.opened_at)
    new = start_of_day(today - timedelta(days=_NEW_DAYS))
    week = start_of_day(today - timedelta(days=_WEEK_DAYS))
    match age:
        case "new":
            return opened >= new
        case "week":
            return and_(opened < new, opened >= week)
        case "old":
            return opened < week
