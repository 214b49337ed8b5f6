"""How a payment looks outside."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from reconciliation.domain.payment import PaymentStatus, Verification
from reconciliation.models import Customer, Payment
from reconciliation.store import copies, payments
from reconciliation.store.payment_list import Row
from reconciliation.store.payments import Part
from shared.contracts.bank_gateway import Channel
from shared.database import Session
from shared.paging import Page


class Named(BaseModel):
    """Somebody, by id and name."""

    id: UUID
    name: str


class CustomerView(Named):
    """Whose money it is."""

    number: str
    marketing: Named


class AllocationView(BaseModel):
    """What one invoice got; a reversed one stays in sight."""

    id: UUID
    invoice_id: UUID
    invoice_number: str
    amount_idr: int
    reversed: bool


class PartView(BaseModel):
    """What one customer got of a payment that was split; ``id`` is his own payment."""

    id: UUID
    customer: Named
    amount_idr: int
    allocations: list[AllocationView]
    unallocated_idr: int


class PaymentView(BaseModel):
    """One payment; ``customer`` is null while nobody is known (suspense).

    ``disposed_idr`` was returned to the payer or written off. Of a payment that is split over
    several customers (ADR-0029) the ``parts`` count instead of it; each names it in ``part_of``.
    """

    id: UUID
    amount_idr: int
    channel: Channel
    paid_at: datetime
    received_at: datetime
    bank_reference: str
    virtual_account: str
    payer_name: str
    customer: CustomerView | None
    status: PaymentStatus
    verification: Verification
    trouble: str | None
    allocations: list[AllocationView]
    unallocated_idr: int
    disposed_idr: int
    split_idr: int
    part_of: UUID | None
    parts: list[PartView]
    version: int


class FigureView(BaseModel):
    """How many and how much."""

    count: int
    amount_idr: int


class PaymentTotals(BaseModel):
    """Sums over every row of the filter; ``amount_idr`` leaves out what is held."""

    amount_idr: int
    verified: FigureView
    unverified: FigureView
    held: FigureView


class PaymentPage(Page[PaymentView]):
    """One page of payments with the sums of the filter."""

    totals: PaymentTotals


async def show(session: Session, payment: Payment) -> PaymentView:
    """Shape one payment."""
    known = payment.customer_id and await copies.customers_by_id(session, {payment.customer_id})
    customer = known[payment.customer_id] if known and payment.customer_id else None
    return (await show_all(session, [(payment, customer)]))[0]


async def show_all(session: Session, rows: list[Row]) -> list[PaymentView]:
    """Shape several payments with one query for their allocations, and one for their parts."""
    wholes = [payment.id for payment, _ in rows if payment.split_idr]
    split = await payments.split_into(session, wholes) if wholes else {}
    owns = [own.id for several in split.values() for own, _ in several]
    paid = await payments.parts_of(session, [*(payment.id for payment, _ in rows), *owns])
    return [_view(payment, customer, split.get(payment.id, []), paid) for payment, customer in rows]


def _view(
    payment: Payment,
    customer: Customer | None,
    split: list[tuple[Payment, Customer]],
    paid: dict[UUID, list[Part]],
) -> PaymentView:
    facts: dict[str, Any] = payment.model_dump(exclude={"customer_id"})
    return PaymentView(
        customer=customer and customer_view(customer),
        status=payment.status,
        allocations=[_allocation(part) for part in paid[payment.id]],
        unallocated_idr=payment.unallocated.amount,
        parts=[_part(own, whose, paid[own.id]) for own, whose in split],
        **facts,
    )


def _part(own: Payment, whose: Customer, paid: list[Part]) -> PartView:
    return PartView(
        id=own.id,
        customer=Named(id=whose.id, name=whose.name),
        amount_idr=own.amount_idr,
        allocations=[_allocation(part) for part in paid],
        unallocated_idr=own.unallocated.amount,
    )


def customer_view(customer: Customer) -> CustomerView:
    """Shape whose money it is."""
    marketing = Named(id=customer.marketing_id, name=customer.marketing_name)
    return CustomerView(
        id=customer.id, name=customer.name, number=customer.number, marketing=marketing
    )


def _allocation(part: Part) -> AllocationView:
    return AllocationView(
        id=part.allocation.id,
        invoice_id=part.allocation.invoice_id,
        invoice_number=part.invoice_number,
        amount_idr=part.allocation.amount_idr,
        reversed=part.is_reversed,
    )
