"""Rows for files: one query per list, read once from a cursor, so that memory stays flat.

One statement sees one moment of the database, so a file agrees with itself however long it
takes; paging by keyset would see a later moment with every page, and add all customers up anew.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func
from sqlmodel import col, select

from reporting.domain.exports import filters as kinds
from reporting.domain.exports.filters import Filters
from reporting.domain.position import SOON_DAYS
from reporting.domain.spelling import phone
from reporting.models import Booking, Customer, Invoice, User
from reporting.store import customer_list
from reporting.store.customer_list import CustomerRow, literal
from reporting.store.exports.money_rows import ACCOUNTS, INVOICES, PAYMENTS
from reporting.store.exports.other_rows import BOOKINGS, PRODUCTS
from shared.clock import business_day
from shared.database import Session
from shared.phones import search_digits

Rows = list[Mapping[str, Any]]

CHUNK = 500
_DIGITS_LEAST = 4
_QUERIES: dict[type[Filters], TextClause] = {
    kinds.InvoiceFilters: INVOICES,
    kinds.PaymentFilters: PAYMENTS,
    kinds.ProductFilters: PRODUCTS,
    kinds.BookingFilters: BOOKINGS,
    kinds.AccountFilters: ACCOUNTS,
}
_NAMES: dict[str, Any] = {
    "marketing_id": (User.id, User.name),
    "customer_id": (Customer.id, Customer.name),
    "invoice_id": (Invoice.id, Invoice.number),
    "booking_id": (Booking.id, Booking.number),
}


async def count(session: Session, wanted: Filters) -> int:
    """Count the rows of a filter."""
    if isinstance(wanted, kinds.CustomerFilters):
        chosen = _customer_filter(wanted)
        return (await customer_list.summary(session, chosen)).views[chosen.view]
    query = _QUERIES[type(wanted)].columns().subquery()
    found = select(func.count()).select_from(query)
    return int((await session.execute(found, _parameters(session, wanted))).scalar_one())


async def read(session: Session, wanted: Filters) -> AsyncIterator[Rows]:
    """Read the rows of a filter in the order of the list, some hundred at a time."""
    if isinstance(wanted, kinds.CustomerFilters):
        today = session.clock.today()
        async for found in customer_list.stream(session, _customer_filter(wanted), CHUNK):
            yield [_customer(row, today) for row in found]
        return
    query, parameters = _QUERIES[type(wanted)], _parameters(session, wanted)
    options = {"yield_per": CHUNK}
    result = await session.stream(query, parameters, execution_options=options)
    async for part in result.mappings().partitions():
        yield [_spelled(dict(row)) for row in part]


async def names(session: Session, wanted: Filters) -> dict[str, str]:
    """Say what the ids among the filters stand for; what is not in sight stays unnamed."""
    found: dict[str, str] = {}
    for filter_name, (id_column, name_column) in _NAMES.items():
        value: UUID | None = getattr(wanted, filter_name, None)
        if value is not None:
            query = select(name_column).where(col(id_column) == value)
            found[filter_name] = (await session.exec(query)).first() or "tidak ditemukan"
    return found


def _parameters(session: Session, wanted: Filters) -> dict[str, Any]:
    given = wanted.model_dump()
    search = str(given.pop("search", "")).lower()
    spelled = isinstance(wanted, kinds.BookingFilters)  # finds phones, in any spelling
    digits = search_digits(search) if spelled else re.sub(r"[\s.-]", "", search)
    enough = digits.isdecimal() and len(digits) >= _DIGITS_LEAST
    given["words"] = f"%{literal(search)}%" if search else None
    given["digits"] = f"%{digits}%" if enough else None
    if isinstance(wanted, kinds.InvoiceFilters):
        today = session.clock.today()
        given |= {"today": today, "soon": today + timedelta(days=SOON_DAYS)}
    if isinstance(wanted, kinds.ProductFilters):
        del given["digits"]
    return given


def _spelled(row: dict[str, Any]) -> Mapping[str, Any]:
    if row.get("phone"):
        row["phone"] = phone(row["phone"])
    return row


def _customer_filter(wanted: kinds.CustomerFilters) -> customer_list.Filter:
    return customer_list.Filter(
        view="overdue" if wanted.overdue else wanted.view,
        search=wanted.search,
        marketing_id=wanted.marketing_id,
        status=wanted.status,
    )


def _customer(row: CustomerRow, today: Any) -> Mapping[str, Any]:
    place = row.position
    return {
        "number": row.number,
        "name": row.name,
        "phone": phone(row.phone),
        "address": row.address,
        "email": row.email,
        "marketing": row.marketing_name,
        "status": row.status,
        "registered_on": business_day(row.registered_at),
        "state": place.state(today),
        "billed_idr": place.billed_idr,
        "paid_idr": place.paid_idr,
        "outstanding_idr": place.unpaid_idr,
        "overdue_idr": place.overdue_idr,
        "overdue_days": place.overdue_days(today),
        "credit_idr": row.credit_idr,
        "next_due_on": place.next_due_on,
        "next_due_idr": place.next_due_idr,
    }
