"""The one search box: everything that has a name or a number, in the reader's scope.

Every kind is asked at once, whatever the words are, so that a hit outside the scope takes no
other time than a miss.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Set
from datetime import date
from typing import TypeVar

from dashboard.domain import finding, status, wording
from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.customers import Booking, Customer, Product
from dashboard.domain.answers.exceptions import Matter
from dashboard.domain.answers.invoices import Invoice
from dashboard.domain.answers.payments import Payment
from dashboard.domain.finding import Group, Hit
from dashboard.store.services import Reader
from shared.errors import DomainError

SHOWN = 6
WORDS_LEAST = 2
Found = TypeVar("Found", bound=Answer)


async def search(
    reader: Reader, words: str, today: date, permissions: Set[str] = frozenset()
) -> list[Group]:
    """Look everywhere at once; what can be done comes last, and alone when nothing is asked."""
    text = words.strip()
    acts = finding.actions(text, permissions)
    if len(text) < WORDS_LEAST:
        return [acts] if not text else []
    customers, invoices, payments, bookings, products, matters = await asyncio.gather(
        _ask(reader, "customer", "/customers", Page[Customer], text),
        _ask(reader, "invoicing", "/invoices", Page[Invoice], text),
        _ask(reader, "reconciliation", "/payments", Page[Payment], text),
        _ask(reader, "customer", "/bookings", Page[Booking], text),
        _ask(reader, "customer", "/products", Page[Product], text),
        _ask(reader, "reconciliation", "/exceptions", Page[Matter], text),
    )
    bills = [_invoice(one, today) for one in invoices.items]
    return [
        _group("Pelanggan", "user-round", map(_customer, customers.items), customers.total),
        _group("Tagihan", "receipt-text", bills, invoices.total),
        _group("Pembayaran", "banknote", map(_payment, payments.items), payments.total),
        _group("Booking", "clipboard-list", map(_booking, bookings.items), bookings.total),
        _group("Produk", "package", map(_product, products.items), products.total),
        _group("Pengecualian", "inbox", map(_matter, matters.items), matters.total),
        acts,
    ]


def _group(word: str, icon: str, hits: Iterable[Hit], total: int) -> Group:
    return Group(word, icon, tuple(hits), total)


async def _ask(
    reader: Reader, service: str, path: str, kind: type[Page[Found]], text: str
) -> Page[Found]:
    try:
        return await reader.get(service, path, kind, search=text, limit=SHOWN)
    except DomainError:
        return kind()


def _customer(customer: Customer) -> Hit:
    detail = f"{customer.number} · {wording.phone(customer.phone)}"
    return Hit(customer.name, detail, f"/customers/{customer.id}")


def _invoice(invoice: Invoice, today: date) -> Hit:
    mark = status.invoice(invoice.status, invoice.due_on, invoice.outstanding_idr, today)
    name = invoice.customer.name if invoice.customer else invoice.heading
    return Hit(
        invoice.number, f"{name} · {mark.word}", f"/invoices/{invoice.id}", invoice.total_idr
    )


def _payment(payment: Payment) -> Hit:
    if payment.customer is None:
        return Hit("belum teridentifikasi", wording.moment(payment.paid_at), "/payments")
    address = f"/customers/{payment.customer.id}/payments"
    return Hit(payment.customer.name, wording.moment(payment.paid_at), address, payment.amount_idr)


def _booking(booking: Booking) -> Hit:
    name = booking.customer.name if booking.customer else ""
    mark = status.BOOKING.get(booking.status, status.UNKNOWN)
    detail = f"{booking.number} · {name} · {mark.word}"
    return Hit(booking.title, detail, f"/bookings/{booking.id}", booking.total_idr)


def _product(product: Product) -> Hit:
    return Hit(product.name, product.code, f"/products?search={product.code}", product.price_idr)


def _matter(matter: Matter) -> Hit:
    detail = matter.evidence or wording.moment(matter.opened_at)
    return Hit(
        matter.payer_name or "Uang tanpa nama", detail, f"/exceptions/{matter.id}",
        matter.amount_idr,
    )  # fmt: skip
