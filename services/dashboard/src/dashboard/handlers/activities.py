"""What happened around a customer, a booking, a bill, a payment or an account: one stream."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain.answers.audit import AuditPage
from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.invoices import VirtualAccount
from dashboard.domain.answers.payments import Payment
from dashboard.domain.deeds import Deed, read
from dashboard.domain.forms import identity
from dashboard.domain.recap_choice import Tab
from dashboard.handlers.customers import find_customer
from dashboard.handlers.invoices import find_invoice
from dashboard.store.services import Reader
from shared.clock import business_day
from shared.errors import NotFound, Unavailable

KINDS = {
    "": "Semua",
    "data": "Data",
    "booking": "Booking",
    "bill": "Tagihan",
    "account": "VA",
    "payment": "Pembayaran",
    "message": "Pesan",
}
_ROWS = 40
_QUIET = {"allocation.made", "payment.joined", "payment.unverified", "payment.told_late"}
"""What only books need to know: each is told again by another row."""


class _Booked(Answer):
    id: UUID
    number: str


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day, newest first."""

    day: date
    deeds: tuple[Deed, ...]


async def stream(
    reader: Reader, subject: Mapping[str, str], given: Mapping[str, str], path: str
) -> dict[str, Any]:
    """Give one page of the stream, by day; ``is_away`` when it cannot be had now."""
    kind = given.get("kind", "") if given.get("kind", "") in KINDS else ""
    cursor = given.get("cursor", "")
    address = _Address(path)
    try:
        found = await reader.get(
            "gateway", "/activities", AuditPage, **subject, kind_=kind, cursor=cursor, limit=_ROWS
        )
        is_away = False
    except (NotFound, Unavailable):
        found, is_away = AuditPage(), True
    deeds = [read(row) for row in found.items if row.action not in _QUIET]
    by_day = groupby(deeds, key=lambda deed: business_day(deed.at))
    following = found.next_cursor or ""
    return {
        "days": [Day(day, tuple(rows)) for day, rows in by_day],
        "kinds": [
            Tab(word, address.to(kind=key), key == kind, None) for key, word in KINDS.items()
        ],
        "kind": kind,
        "is_away": is_away,
        "is_partial": bool(found.unavailable),
        "first_address": address.to(kind=kind) if cursor else "",
        "next_address": address.to(kind=kind, cursor=following) if following else "",
    }


async def subject_of(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Find what a page of its own is about; whoever may not see the thing does not see this.

    Raises:
        NotFound: not there, or not his.
    """
    if text := given.get("invoice"):
        invoice = await find_invoice(reader, identity(text))
        back, word = f"/invoices/{invoice.id}", f"tagihan {invoice.number}"
        return _told("invoice", invoice.id, word, back, invoice_id=str(invoice.id))
    if text := given.get("booking"):
        booking = await reader.get("customer", f"/bookings/{identity(text)}", _Booked)
        back, word = f"/bookings/{booking.id}", f"booking {booking.number}"
        return _told("booking", booking.id, word, back, booking_id=str(booking.id))
    if text := given.get("account"):
        account_id = identity(text)
        path = f"/virtual-accounts/{account_id}"
        await reader.get("bank-gateway", path, VirtualAccount)
        told = {"virtual_account_id": str(account_id)}
        return _told("account", account_id, "virtual account", path, **told)
    if text := given.get("payment"):
        return await _of_payment(reader, identity(text))
    customer = await find_customer(reader, identity(given.get("customer", "")))
    back = f"/customers/{customer.id}"
    return _told("customer", customer.id, customer.name, back, customer_id=str(customer.id))


async def _of_payment(reader: Reader, payment_id: UUID) -> dict[str, Any]:
    payment = await reader.get("reconciliation", f"/payments/{payment_id}", Payment)
    told = {"payment_id": str(payment.id), "bank_reference": payment.bank_reference or ""}
    customer = payment.customer
    back = f"/customers/{customer.id}/payments" if customer else "/payments"
    return _told("payment", payment.id, "pembayaran", back, **told)


def _told(name: str, object_id: UUID, title: str, back: str, **subject: str) -> dict[str, Any]:
    path = f"/activity?{name}={object_id}"
    return {"title": title, "back": back, "path": path, "subject": subject}


@dataclass(frozen=True, slots=True)
class _Address:
    path: str

    def to(self, **query: str) -> str:
        kept = urlencode({name: text for name, text in query.items() if text})
        if not kept:
            return self.path
        return f"{self.path}{'&' if '?' in self.path else '?'}{kept}"
