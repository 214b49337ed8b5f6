"""The list of payments: filters, search, one page by keyset, sums of the filter.

A payment that is split over customers is in it by its parts (ADR-0029).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import col, select

from reconciliation.domain.payment import PaymentStatus, Verification
from reconciliation.models import Customer, Payment
from shared.clock import start_of_day
from shared.database import Session
from shared.money import amount_sought
from shared.paging import Order, read_amount, read_instant

_DIGITS_LEAST = 4
Sort = Literal["paid_at", "-paid_at", "amount_idr", "-amount_idr"]
_SORTED: dict[str, tuple[Any, Any]] = {
    "paid_at": (col(Payment.paid_at), read_instant),
    "amount_idr": (col(Payment.amount_idr), read_amount),
}


@dataclass(frozen=True, slots=True)
class PaymentFilter:
    """What the list is narrowed to; the days are WIB days of ``paid_at``, both included (T2)."""

    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    status: PaymentStatus | None = None
    verification: Verification | None = None
    channel: str | None = None
    from_day: date | None = None
    to_day: date | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many and how much."""

    count: int
    amount_idr: int


@dataclass(frozen=True, slots=True)
class PaymentSums:
    """Figures over every row of a filter; a disputed payment is held, not counted as money."""

    count: int
    amount_idr: int
    verified: Figure
    unverified: Figure
    held: Figure


Row = tuple[Payment, Customer | None]


async def list_payments(
    session: Session, wanted: PaymentFilter, order: Order, cursor: str | None, limit: int
) -> list[Row]:
    """Give one page."""
    query: Any = (
        select(Payment, Customer)
        .outerjoin(Customer, col(Customer.id) == Payment.customer_id)
        .where(*_conditions(wanted))
    )
    page = order.page(query, col(Payment.id), cursor).limit(limit)
    return [(payment, customer) for payment, customer in (await session.execute(page)).all()]


def order_of(sort: Sort) -> Order:
    """Give the order of a name."""
    return Order.of(sort, _SORTED)


async def sum_payments(session: Session, wanted: PaymentFilter) -> PaymentSums:
    """Add the whole filter up."""
    columns: list[Any] = [func.count()]
    for kind in (Verification.VERIFIED, Verification.UNVERIFIED, Verification.DISPUTED):
        of_kind = col(Payment.verification) == kind
        amount = func.sum(Payment.amount_idr).filter(of_kind)
        columns += [func.count().filter(of_kind), func.coalesce(amount, 0)]
    query = (
        select(*columns)
        .select_from(Payment)
        .outerjoin(Customer, col(Customer.id) == Payment.customer_id)
        .where(*_conditions(wanted))
    )
    count, *figures = (await session.execute(query)).one()
    pairs = zip(figures[::2], figures[1::2], strict=True)
    verified, unverified, held = (Figure(number, int(amount)) for number, amount in pairs)
    amount_idr = verified.amount_idr + unverified.amount_idr
    return PaymentSums(count, amount_idr, verified, unverified, held)


def _conditions(wanted: PaymentFilter) -> list[Any]:
    equal = {
        Payment.customer_id: wanted.customer_id,
        Customer.marketing_id: wanted.marketing_id,
        Payment.verification: wanted.verification,
        Payment.channel: wanted.channel,
    }
    conditions: list[Any] = [column == value for column, value in equal.items() if value]
    conditions.append(col(Payment.split_idr) == 0)
    if wanted.status is not None:
        conditions.append(_has_status(wanted.status))
    if wanted.from_day is not None:
        conditions.append(col(Payment.paid_at) >= start_of_day(wanted.from_day))
    if wanted.to_day is not None:
        end = start_of_day(wanted.to_day + timedelta(days=1))
        conditions.append(col(Payment.paid_at) < end)
    if wanted.search:
        conditions.append(_found(wanted.search))
    return conditions


def _has_status(status: PaymentStatus) -> ColumnElement[bool]:
    stands = col(Payment.reversed_at).is_(None)
    whole = col(Payment.allocated_idr) == col(Payment.amount_idr)
    match status:
        case PaymentStatus.REVERSED:
            return col(Payment.reversed_at).is_not(None)
        case PaymentStatus.ALLOCATED:
            return and_(stands, whole)
        case PaymentStatus.POSTED:
            return and_(stands, ~whole)


def _found(search: str) -> ColumnElement[bool]:
    places: list[Any] = [
        col(Payment.bank_reference).icontains(search, autoescape=True),
        col(Payment.payer_name).icontains(search, autoescape=True),
        col(Customer.name).icontains(search, autoescape=True),
        col(Customer.number).icontains(search, autoescape=True),
    ]
    digits = re.sub(r"[\s.-]", "", search)
    if digits.isdecimal() and len(digits) >= _DIGITS_LEAST:
        places.append(col(Payment.virtual_account).contains(digits, autoescape=True))
    if (amount := amount_sought(search)) is not None:
        places.append(col(Payment.amount_idr) == amount)
    return or_(*places)
