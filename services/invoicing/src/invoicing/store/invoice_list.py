"""The list of invoices: filters, search, one page by keyset, sums and counts of the filter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, or_
from sqlmodel import col, select

from invoicing.domain.invoice import OPEN, InvoiceStatus, due_soon_until
from invoicing.models import Customer, Invoice, VirtualAccount
from shared.database import Session
from shared.money import amount_sought
from shared.paging import Order, read_amount, read_instant

View = Literal[
    "all", "draft", "issued", "due_soon", "overdue", "partially_paid", "paid", "cancelled"
]
VIEWS: tuple[View, ...] = get_args(View)
Sort = Literal["issued_at", "-issued_at", "due_on", "-due_on", "total_idr", "-total_idr"]
_SORTED: dict[str, tuple[Any, Any]] = {
    "issued_at": (col(Invoice.issued_at), read_instant),
    "due_on": (col(Invoice.due_on), date.fromisoformat),
    "total_idr": (col(Invoice.total_idr), read_amount),
}
_VA_DIGITS_LEAST = 4


@dataclass(frozen=True, slots=True)
class InvoiceFilter:
    """What the list is narrowed to; ``view`` and ``overdue`` are as of ``today``."""

    today: date
    view: View = "all"
    status: InvoiceStatus | None = None
    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    booking_id: UUID | None = None
    overdue: bool | None = None
    due_from: date | None = None
    due_to: date | None = None
    search: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceSums:
    """Figures over every row of a filter; void bills count as rows, not as money."""

    count: int
    total_idr: int
    paid_idr: int
    outstanding_idr: int


async def list_invoices(
    session: Session, wanted: InvoiceFilter, order: Order, cursor: str | None, limit: int
) -> list[tuple[Invoice, Customer]]:
    """Give one page."""
    query = (
        select(Invoice, Customer)
        .join(Customer, col(Customer.id) == Invoice.customer_id)
        .outerjoin(VirtualAccount, col(VirtualAccount.va_owner_id) == Invoice.va_owner_id)
        .where(*_base(wanted), *_narrow(wanted))
    )
    page = order.page(query, col(Invoice.id), cursor).limit(limit)
    return [(invoice, customer) for invoice, customer in (await session.exec(page)).all()]


def order_of(sort: Sort) -> Order:
    """Give the order of a name."""
    return Order.of(sort, _SORTED)


async def sum_invoices(session: Session, wanted: InvoiceFilter) -> InvoiceSums:
    """Add the whole filter up."""
    live = col(Invoice.status) != InvoiceStatus.CANCELLED
    total, paid = _sum(Invoice.total_idr, live), _sum(Invoice.paid_idr, live)
    query = _joined(select(func.count(), total, paid)).where(*_base(wanted), *_narrow(wanted))
    count, total_idr, paid_idr = (await session.execute(query)).one()
    return InvoiceSums(count, int(total_idr), int(paid_idr), int(total_idr) - int(paid_idr))


async def count_views(session: Session, wanted: InvoiceFilter) -> dict[str, int]:
    """Count each tab of the list under the filter's other conditions."""
    counts = [func.count().filter(*_view(view, wanted.today)) for view in VIEWS]
    query = _joined(select(*counts)).where(*_base(wanted))
    row = (await session.execute(query)).one()
    return dict(zip(VIEWS, row, strict=True))


def _joined(query: Any) -> Any:
    return (
        query.select_from(Invoice)
        .join(Customer, col(Customer.id) == Invoice.customer_id)
        .outerjoin(VirtualAccount, col(VirtualAccount.va_owner_id) == Invoice.va_owner_id)
    )


def _sum(column: Any, condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(column).filter(condition), 0)


def _base(wanted: InvoiceFilter) -> list[Any]:
    """Everything but the tab."""
    equal = {
        Invoice.customer_id: wanted.customer_id,
        Customer.marketing_id: wanted.marketing_id,
        Invoice.booking_id: wanted.booking_id,
    }
    conditions: list[Any] = [
        column == value for column, value in equal.items() if value is not None
    ]
    if wanted.due_from is not None:
        conditions.append(col(Invoice.due_on) >= wanted.due_from)
    if wanted.due_to is not None:
        conditions.append(col(Invoice.due_on) <= wanted.due_to)
    if wanted.search:
        conditions.append(_found(wanted.search))
    return conditions


def _narrow(wanted: InvoiceFilter) -> list[Any]:
    conditions: list[Any] = [*_view(wanted.view, wanted.today)]
    if wanted.status is not None:
        conditions.append(col(Invoice.status) == wanted.status)
    if wanted.overdue is not None:
        late = and_(*_view("overdue", wanted.today))
        conditions.append(late if wanted.overdue else not_(late))
    return conditions


def _view(view: View, today: date) -> list[Any]:
    unpaid = col(Invoice.status).in_(OPEN)
    match view:
        case "all":
            return []
        case "overdue":
            return [unpaid, col(Invoice.due_on) < today]
        case "due_soon":
            return [unpaid, col(Invoice.due_on).between(today, due_soon_until(today))]
        case _:
            return [col(Invoice.status) == view]


def _found(search: str) -> ColumnElement[bool]:
    places: list[Any] = [
        col(Invoice.number).icontains(search, autoescape=True),
        col(Invoice.title).icontains(search, autoescape=True),
        col(Customer.name).icontains(search, autoescape=True),
        col(Customer.number).icontains(search, autoescape=True),
    ]
    digits = re.sub(r"[\s.-]", "", search)
    if digits.isdecimal() and len(digits) >= _VA_DIGITS_LEAST:
        places.append(col(VirtualAccount.number).contains(digits, autoescape=True))
    if (amount := amount_sought(search)) is not None:
        places.append(col(Invoice.total_idr) == amount)
    return or_(*places)
