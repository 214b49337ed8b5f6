"""The one search box: customers, bills, payments, products; all in the reader's scope."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from dashboard.domain import status, wording
from dashboard.domain.answers.base import Answer, Page
from dashboard.domain.answers.customers import Customer, Product
from dashboard.domain.answers.invoices import Invoice
from dashboard.domain.answers.payments import Payment
from dashboard.store.services import Reader
from shared.errors import DomainError

SHOWN = 6
Found = TypeVar("Found", bound=Answer)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found."""

    title: str
    detail: str
    address: str
    amount_idr: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; ``total`` counts those that are not shown too."""

    word: str
    icon: str
    hits: tuple[Hit, ...]
    total: int


async def search(reader: Reader, words: str, today: date) -> list[Group]:
    """Look everywhere at once."""
    text = words.strip()
    if len(text) < 2:
        return []
    customers, invoices, payments, products = await asyncio.gather(
        _ask(reader, "customer", "/customers", Page[Customer], text),
        _ask(reader, "invoicing", "/invoices", Page[Invoice], text),
        _ask(reader, "reconciliation", "/payments", Page[Payment], text),
        _ask(reader, "customer", "/products", Page[Product], text),
    )
    return [
        Group("Pelanggan", "user-round", tuple(map(_customer, customers.items)), customers.total),
        Group(
            "Tagihan",
            "receipt-text",
            tuple(_invoice(one, today) for one in invoices.items),
            invoices.total,
        ),
        Group("Pembayaran", "banknote", tuple(map(_payment, payments.items)), payments.total),
        Group("Produk", "package", tuple(map(_product, products.items)), products.total),
    ]


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


def _product(product: Product) -> Hit:
    return Hit(product.name, product.code, f"/products?search={product.code}", product.price_idr)
