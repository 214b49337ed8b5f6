"""Queries of what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.domain.exception import ExceptionKind, Finding
from reconciliation.models import MoneyException
from shared.database import Session
from shared.errors import NotFound
from shared.paging import InstantKey

_SUBJECT = ("payment_id", "bank_line_id", "notice_id")


class ExceptionNotFound(NotFound):
    """No such exception, or not the reader's."""

    detail = "Pengecualian tidak ditemukan."


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """What the list is narrowed to; ``is_open`` None means both."""

    is_open: bool | None = True
    kind: str | None = None
    customer_id: UUID | None = None
    search: str = ""


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


async def find_open(session: Session, kind: ExceptionKind, key: str) -> MoneyException | None:
    """Load and lock what is open of a kind about something."""
    query = select(MoneyException).where(
        MoneyException.kind == kind.value,
        MoneyException.key == key,
        col(MoneyException.closed_at).is_(None),
    )
    return (await session.exec(query.with_for_update())).first()


async def get_open(session: Session, kind: ExceptionKind, key: str) -> MoneyException:
    """Load and lock what is known to be open."""
    found = await find_open(session, kind, key)
    if found is None:
        raise ExceptionNotFound
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
    return conditions
