"""The list of invoices: filters, search, one page by keyset, sums and counts of the filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, not_, true
from sqlmodel import col, select

from invoicing.domain.invoice import OPEN, InvoiceStatus, due_soon_until
from invoicing.models import Customer, Invoice
from invoicing.store import tallies, words
from invoicing.store.tallies import InvoiceSums
from shared.database import Session
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


async def list_invoices(
    session: Session, wanted: InvoiceFilter, order: Order, cursor: str | None, limit: int
) -> list[tuple[Invoice, Customer]]:
    """Give one page."""
    query = (
        select(Invoice, Customer)
        .join(Customer, col(Customer.id) == Invoice.customer_id)
        .where(*await _base(session, wanted), *_narrow(wanted))
    )
    page = order.page(query, col(Invoice.id), cursor).limit(limit)
    return [(invoice, customer) for invoice, customer in (await session.exec(page)).all()]


def order_of(sort: Sort) -> Order:
    """Give the order of a name."""
    return Order.of(sort, _SORTED)


async def figures(session: Session, wanted: InvoiceFilter) -> tuple[InvoiceSums, dict[str, int]]:
    """Add the whole filter up, and count each tab under its other conditions.

    What is kept answers for all but a search and the bills of one customer or booking.
    """
    if wanted.search or wanted.customer_id or wanted.booking_id:
        return await counted(session, wanted)
    if wanted.status is not None or wanted.overdue is not None:
        return await counted(session, wanted)
    owner = wanted.marketing_id or session.principal.marketing_id
    asked = tallies.Wanted(wanted.today, owner, wanted.due_from, wanted.due_to)
    by_view = tallies.by_view(*await tallies.read(session, asked), VIEWS)
    sums = by_view[wanted.view]
    return sums, {view: each.count for view, each in by_view.items()}


async def counted(session: Session, wanted: InvoiceFilter) -> tuple[InvoiceSums, dict[str, int]]:
    """The same, from the bills themselves."""
    base = await _base(session, wanted)
    narrow = and_(true(), *_narrow(wanted))
    live = and_(narrow, col(Invoice.status) != InvoiceStatus.CANCELLED)
    counts = [func.count().filter(and_(true(), *_view(view, wanted.today))) for view in VIEWS]
    total, paid = _sum(Invoice.total_idr, live), _sum(Invoice.paid_idr, live)
    query = select(func.count().filter(narrow), total, paid, *counts).select_from(Invoice)
    count, total_idr, paid_idr, *views = (await session.execute(query.where(*base))).one()
    sums = InvoiceSums(count, int(total_idr), int(paid_idr))
    return sums, dict(zip(VIEWS, views, strict=True))


def _sum(column: Any, condition: ColumnElement[bool]) -> Any:
    return func.coalesce(func.sum(column).filter(condition), 0)


async def _base(session: Session, wanted: InvoiceFilter) -> list[Any]:
    """Everything but the tab; a Marketing's own bills are named, so that an index finds them."""
    equal = {
        Invoice.customer_id: wanted.customer_id,
        Invoice.marketing_id: wanted.marketing_id or session.principal.marketing_id,
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
        conditions.append(await words.found(session, wanted.search))
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
