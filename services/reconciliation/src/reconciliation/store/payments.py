"""Queries of payments and allocations, one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select

from reconciliation.models import Allocation, AllocationReversal, Customer, Invoice, Payment
from shared.database import Session
from shared.errors import NotFound

_HAS_MONEY_LEFT = col(Payment.allocated_idr) + col(Payment.disposed_idr) < Payment.amount_idr


class PaymentNotFound(NotFound):
    """No such payment, or not one of the reader's."""

    detail = "Pembayaran tidak ditemukan."


class AllocationNotFound(NotFound):
    """No such allocation, or not one of the reader's."""

    detail = "Alokasi tidak ditemukan."


@dataclass(frozen=True, slots=True)
class Part:
    """One allocation as people see it."""

    allocation: Allocation
    invoice_number: str
    is_reversed: bool


async def find_payment(session: Session, payment_id: UUID) -> Payment | None:
    """Load and lock a payment; its customer, if known, is locked already."""
    return await session.get(Payment, payment_id, with_for_update=True, populate_existing=True)


async def get_payment(session: Session, payment_id: UUID) -> Payment:
    """Load a payment to look at it.

    Raises:
        PaymentNotFound: not there, or not the reader's.
    """
    payment = await session.get(Payment, payment_id)
    if payment is None:
        raise PaymentNotFound
    return payment


async def get_allocation(session: Session, allocation_id: UUID) -> Allocation:
    """Load an allocation, reversed or not.

    Raises:
        AllocationNotFound: not there, or not the reader's.
    """
    allocation = await session.get(Allocation, allocation_id)
    if allocation is None:
        raise AllocationNotFound
    return allocation


async def look_up(session: Session, payment_id: UUID) -> Payment | None:
    """Load a payment to look at it; None when the reader may not see it."""
    return await session.get(Payment, payment_id)


async def payer_names(session: Session, payment_ids: set[UUID]) -> dict[UUID, str]:
    """Tell who sent several payments, as the bank spells them."""
    query = select(Payment.id, Payment.payer_name).where(col(Payment.id).in_(payment_ids))
    return dict((await session.exec(query)).all())


async def standing(session: Session, payment_ids: set[UUID]) -> set[UUID]:
    """Tell which of several payments the books hold."""
    query = select(Payment.id).where(
        col(Payment.id).in_(payment_ids), col(Payment.reversed_at).is_(None)
    )
    return set((await session.exec(query)).all())


async def payer_of(session: Session, payment_id: UUID) -> UUID | None:
    """Tell whose money it is at this moment, without a lock."""
    query = select(Payment.customer_id).where(Payment.id == payment_id)
    return (await session.exec(query)).first()


async def find_reversal(session: Session, allocation_id: UUID) -> AllocationReversal | None:
    return await session.get(AllocationReversal, allocation_id)


async def live_allocations(
    session: Session,
    *,
    payment_id: UUID | None = None,
    invoice_id: UUID | None = None,
    resolution_id: UUID | None = None,
) -> list[Allocation]:
    """Give the allocations of a payment, an invoice or a decision that still count."""
    reversed_ = select(AllocationReversal.allocation_id)
    query = select(Allocation).where(col(Allocation.id).not_in(reversed_))
    if payment_id is not None:
        query = query.where(Allocation.payment_id == payment_id)
    if invoice_id is not None:
        query = query.where(Allocation.invoice_id == invoice_id)
    if resolution_id is not None:
        query = query.where(Allocation.resolution_id == resolution_id)
    return list((await session.exec(query.order_by(col(Allocation.id)))).all())


async def parts_standing(session: Session, *, part_of: UUID) -> list[Payment]:
    """Lock what a payment is split into now, in a fixed order; the customers are locked already."""
    query = (
        select(Payment)
        .where(Payment.part_of == part_of, col(Payment.reversed_at).is_(None))
        .order_by(col(Payment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())


async def owners_of_parts(session: Session, payment_id: UUID) -> set[UUID]:
    """Tell who has a part of a payment at this moment, without a lock."""
    query = select(Payment.customer_id).where(Payment.part_of == payment_id)
    return {each for each in (await session.exec(query)).all() if each is not None}


async def split_into(
    session: Session, payment_ids: Sequence[UUID]
) -> dict[UUID, list[tuple[Payment, Customer]]]:
    """Give what several payments are split into now, with whose each part is."""
    query = (
        select(Payment, Customer)
        .join(Customer, col(Customer.id) == Payment.customer_id)
        .where(col(Payment.part_of).in_(payment_ids), col(Payment.reversed_at).is_(None))
        .order_by(col(Payment.id))
    )
    found: dict[UUID, list[tuple[Payment, Customer]]] = {}
    for own, customer in (await session.exec(query)).all():
        if own.part_of is not None:
            found.setdefault(own.part_of, []).append((own, customer))
    return found


async def payments_waiting_for(session: Session, invoice: Invoice) -> list[Payment]:
    """Lock the payments made for an invoice or its contract that hold money, oldest first."""
    contracts = [] if invoice.plan_id is None else [invoice.plan_id]
    of_contract = col(Payment.plan_id).in_(contracts)
    query = (
        select(Payment)
        .where(
            (col(Payment.invoice_id) == invoice.id) | of_contract,
            Payment.customer_id == invoice.customer_id,
            col(Payment.reversed_at).is_(None),
            _HAS_MONEY_LEFT,
        )
        .order_by(col(Payment.paid_at), col(Payment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())


async def payments_with_credit(session: Session, customer_id: UUID) -> list[Payment]:
    """Lock the payments of a customer that hold credit, oldest first."""
    query = (
        select(Payment)
        .where(
            Payment.customer_id == customer_id,
            col(Payment.reversed_at).is_(None),
            _HAS_MONEY_LEFT,
        )
        .order_by(col(Payment.paid_at), col(Payment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list((await session.exec(query)).all())


async def bills_taken_back_from(session: Session, payment_id: UUID) -> frozenset[UUID]:
    """Give the invoices from which a person took this payment's money back."""
    query = (
        select(Allocation.invoice_id)
        .join(AllocationReversal, col(AllocationReversal.allocation_id) == Allocation.id)
        .where(
            Allocation.payment_id == payment_id,
            col(AllocationReversal.reversed_by) != session.principal.name,
        )
    )
    return frozenset((await session.exec(query)).all())


async def parts_of(session: Session, payment_ids: Sequence[UUID]) -> dict[UUID, list[Part]]:
    """Give the allocations of several payments in order, by payment."""
    query = (
        select(Allocation, Invoice.number, AllocationReversal.allocation_id)
        .join(Invoice, col(Invoice.id) == Allocation.invoice_id)
        .outerjoin(AllocationReversal, col(AllocationReversal.allocation_id) == Allocation.id)
        .where(col(Allocation.payment_id).in_(payment_ids))
        .order_by(col(Allocation.id))
    )
    found: dict[UUID, list[Part]] = {payment_id: [] for payment_id in payment_ids}
    for allocation, number, reversal in (await session.exec(query)).all():
        found[allocation.payment_id].append(Part(allocation, number, reversal is not None))
    return found
