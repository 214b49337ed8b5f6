"""Allocating: money pays bills, by rule or as a person directs; taken back by reversal.

Whoever calls has locked the customer (K2); the database holds M5 and M6 whatever happens here.
"""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain import ledger as entries
from reconciliation.domain.allocation import (
    AnotherCustomer,
    MoreThanOutstanding,
    MoreThanUnallocated,
    allocate,
)
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.payment import AllocationReversed, PayerUnknown, PaymentTakenBack
from reconciliation.handlers import books, states
from reconciliation.handlers.exceptions import follow_leftover, follow_shortfall
from reconciliation.models import Allocation, AllocationReversal, Invoice, Payment
from reconciliation.store import copies, payments
from shared import audit
from shared.contracts.reconciliation import PaymentReconciled
from shared.database import Session
from shared.errors import Conflict
from shared.money import Rupiah


class InvoiceNotOpen(Conflict):
    """A draft or a void bill takes no money."""

    detail = "Tagihan {number} tidak dapat menerima pembayaran (status {current})."


async def allocate_by_rule(
    session: Session,
    payment: Payment,
    barred: frozenset[UUID] = frozenset(),
    *,
    resolution_id: UUID | None = None,
) -> bool:
    """Give the payment's money to its own bills, then to the oldest due; tell whether any went.

    While its own invoice, or any of its contract, has not arrived yet, the money waits as credit:
    another bill must not take it only because events overtook each other (E1). A barred invoice
    gets nothing.
    """
    if payment.customer_id is None or payment.reversed_at is not None:
        return False
    if payment.made_for and not await copies.is_known(session, payment.made_for):
        return False
    invoices = await copies.lock_open_invoices(session, payment.customer_id)
    open_ = [invoice.as_open for invoice in invoices if invoice.id not in barred]
    shares = allocate(payment.unallocated, open_, payment.made_for)
    for share in shares:
        await _add(session, payment, share.invoice_id, share.amount, resolution_id=resolution_id)
    await session.refresh(payment, ["allocated_idr"])
    return bool(shares)


async def direct(session: Session, payment_id: UUID, invoice_id: UUID, amount: Rupiah) -> Payment:
    """Pay a bill with what is left of a payment, as a person decides.

    Raises:
        PaymentNotFound, InvoiceNotFound: not there, or not the caller's.
        PayerUnknown, PaymentTakenBack, AnotherCustomer, InvoiceNotOpen: it may not.
        MoreThanUnallocated, MoreThanOutstanding: it is too much (M5, M6).
    """
    seen = await payments.get_payment(session, payment_id)
    if seen.customer_id is None:
        raise PayerUnknown(current=seen.status.value)
    await copies.lock_customer(session, seen.customer_id)
    payment = await payments.find_payment(session, payment_id)
    if payment is None:
        raise payments.PaymentNotFound
    before = states.payment_facts(payment)
    await give(session, payment, invoice_id, amount)
    await _changed(session, payment, before, "payment.allocated")
    return payment


async def give(
    session: Session,
    payment: Payment,
    invoice_id: UUID,
    amount: Rupiah | None,
    *,
    resolution_id: UUID | None = None,
) -> None:
    """Let a payment whose customer is locked pay one bill; without an amount, all that fits.

    Raises:
        InvoiceNotFound: not there, or not the caller's.
        PaymentTakenBack, AnotherCustomer, InvoiceNotOpen: it may not.
        MoreThanUnallocated, MoreThanOutstanding: it is too much (M5, M6).
    """
    invoice = await copies.get_invoice(session, invoice_id)
    wanted = min(payment.unallocated, invoice.outstanding) if amount is None else amount
    _check_direction(payment, invoice, wanted)
    await _add(session, payment, invoice.id, wanted, resolution_id=resolution_id)
    await session.refresh(payment, ["allocated_idr"])


async def take_back(session: Session, allocation_id: UUID, reason: str) -> Payment:
    """Reverse an allocation; its money is credit again.

    Raises:
        AllocationNotFound: not there, or not the caller's.
        AllocationReversed: it was reversed before (M3).
    """
    allocation = await payments.get_allocation(session, allocation_id)
    await copies.lock_customer(session, allocation.customer_id)
    await copies.get_invoice(session, allocation.invoice_id)
    payment = await payments.find_payment(session, allocation.payment_id)
    if payment is None:
        raise payments.PaymentNotFound
    if await payments.find_reversal(session, allocation_id) is not None:
        raise AllocationReversed(current="reversed")
    before = states.payment_facts(payment)
    await reverse_one(session, allocation, reason)
    await _changed(session, payment, before, "payment.allocation_reversed", reason)
    return payment


async def free_invoice(session: Session, invoice: Invoice, reason: str) -> set[UUID]:
    """Take every allocation of an invoice back; give the payments whose money is free now."""
    live = await payments.live_allocations(session, invoice_id=invoice.id)
    for allocation in live:
        await reverse_one(session, allocation, reason)
    return {allocation.payment_id for allocation in live}


async def allocate_freed(session: Session, payment_id: UUID, reason: str) -> None:
    """Send money that a dead bill gave back where the rule sends it, and tell of both."""
    payment = await payments.find_payment(session, payment_id)
    if payment is None:
        raise payments.PaymentNotFound
    before = states.payment_facts(payment)
    await allocate_by_rule(session, payment)
    await _changed(session, payment, before, "payment.allocation_reversed", reason)


async def reverse_one(session: Session, allocation: Allocation, reason: str) -> None:
    """Write the reversal of one allocation, in its table and in the ledger."""
    session.add(
        AllocationReversal(
            allocation_id=allocation.id,
            customer_id=allocation.customer_id,
            reason=reason,
            reversed_at=session.clock.now(),
            reversed_by=session.principal.name,
        )
    )
    await session.flush()
    await books.take_back(session, TransactionKind.ALLOCATION, allocation.id, reason)


async def _changed(
    session: Session,
    payment: Payment,
    before: dict[str, object],
    action: str,
    reason: str = "",
) -> None:
    await session.refresh(payment, ["allocated_idr"])
    states.audit_payment(session, action, payment, before, reason)
    await follow_leftover(session, payment)
    await states.publish_payment(session, payment, PaymentReconciled)


async def _add(
    session: Session,
    payment: Payment,
    invoice_id: UUID,
    amount: Rupiah,
    *,
    resolution_id: UUID | None = None,
) -> None:
    if payment.customer_id is None:
        raise PayerUnknown(current=payment.status.value)
    customer_id = payment.customer_id
    allocation = Allocation(
        payment_id=payment.id,
        invoice_id=invoice_id,
        customer_id=customer_id,
        amount_idr=amount.amount,
        allocated_at=session.clock.now(),
        allocated_by=session.principal.name,
        resolution_id=resolution_id,
    )
    session.add(allocation)
    await session.flush()
    moved = entries.pay(customer_id, amount)
    await books.post(session, TransactionKind.ALLOCATION, allocation.id, customer_id, moved)
    audit.record(
        session,
        action="allocation.made",
        object_type="invoice",
        object_id=invoice_id,
        after={"payment_id": str(payment.id), "amount_idr": amount.amount},
    )
    await follow_shortfall(session, invoice_id)


def _check_direction(payment: Payment, invoice: Invoice, amount: Rupiah) -> None:
    if payment.reversed_at is not None:
        raise PaymentTakenBack(current=payment.status.value)
    if invoice.customer_id != payment.customer_id:
        raise AnotherCustomer(number=invoice.number)
    if not invoice.takes_money or not amount:
        raise InvoiceNotOpen(number=invoice.number, current=invoice.status)
    if amount > payment.unallocated:
        raise MoreThanUnallocated(unallocated=payment.unallocated, field="amount_idr")
    if amount > invoice.outstanding:
        raise MoreThanOutstanding(
            number=invoice.number, outstanding=invoice.outstanding, field="amount_idr"
        )
