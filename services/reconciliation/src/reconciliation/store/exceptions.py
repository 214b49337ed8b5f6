"""Queries of what needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, tuple_
from sqlmodel import col, select

from reconciliation.models import MoneyException
from shared.database import Session
from shared.paging import InstantKey


@dataclass(frozen=True, slots=True)
class ExceptionFilter:
    """What the list is narrowed to; ``is_open`` None means both."""

    is_open: bool | None = True
    kind: str | None = None
    customer_id: UUID | None = None
    search: str = ""


async def find_open(session: Session, payment_id: UUID, kind: str) -> MoneyException | None:
    query = select(MoneyException).where(
        MoneyException.payment_id == payment_id,
        MoneyException.kind == kind,
        col(MoneyException.closed_at).is_(None),
    )
    return (await session.exec(query.with_for_update())).first()


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
