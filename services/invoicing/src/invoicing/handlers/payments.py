"""Money that came: each invoice's paid is the sum of its live allocations (M6)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from invoicing.domain.invoice import InvoiceStatus, PaidAboveTotal
from invoicing.handlers import states
from invoicing.models import Allocation, Invoice, Payment
from invoicing.store import copies, invoices
from shared import audit
from shared.contracts.reconciliation import PostedState
from shared.database import Session
from shared.errors import NotFound


class ReversalNotHere(NotFound):
    """More was allocated than the bill needs, so a reversal of other money is still to come."""

    detail = "Tagihan {number} menerima lebih dari totalnya; pembalikan yang lain belum tiba."


async def apply_allocations(event: PostedState, session: Session) -> None:
    """Take the newest allocations of a payment; order and repetition do not matter (E1, E5).

    A payment's state replaces the last one known, so a reversal needs no original before it.

    Raises:
        CustomerNotFound, InvoiceNotFound, ReversalNotHere: the event is early.
    """
    payment = await copies.find_payment(session, event.aggregate_id)
    if payment is not None and payment.version >= event.aggregate_version:
        return
    known = await copies.allocations_of_payment(session, event.aggregate_id)
    amounts = _live_amounts(event)
    touched = await invoices.lock_invoices(session, {*known, *amounts})
    await _note_payment(event, payment, session)
    for invoice in touched:
        _keep(session, event.aggregate_id, invoice, known, amounts.get(invoice.id, 0))
    await session.flush()
    for invoice in touched:
        await _settle(session, invoice)


def _live_amounts(event: PostedState) -> dict[UUID, int]:
    amounts: dict[UUID, int] = {}
    for part in event.allocations:
        if not part.reversed:
            amounts[part.invoice_id] = amounts.get(part.invoice_id, 0) + part.amount_idr
    return amounts


async def _note_payment(event: PostedState, known: Payment | None, session: Session) -> None:
    if event.customer_id is not None:
        await copies.get_customer(session, event.customer_id)
    newest: dict[str, Any] = {"customer_id": event.customer_id, "version": event.aggregate_version}
    payment = known or Payment(id=event.aggregate_id, **newest)
    payment.sqlmodel_update(newest)
    session.add(payment)
    await session.flush()


def _keep(
    session: Session,
    payment_id: UUID,
    invoice: Invoice,
    known: dict[UUID, Allocation],
    amount_idr: int,
) -> None:
    row = known.get(invoice.id) or Allocation(
        payment_id=payment_id,
        invoice_id=invoice.id,
        customer_id=invoice.customer_id,
        amount_idr=amount_idr,
    )
    row.amount_idr = amount_idr
    session.add(row)


async def _settle(session: Session, invoice: Invoice) -> None:
    """Move the invoice to what was paid.

    Money allocated in the moment in which the bill was cancelled leaves the bill as it is:
    reconciliation hears of the cancellation and takes the allocation back.
    """
    if invoice.state is InvoiceStatus.CANCELLED:
        return
    before = states.invoice_facts(invoice)
    try:
        changed = invoice.settle(await copies.paid_of_invoice(session, invoice.id))
    except PaidAboveTotal as error:
        raise ReversalNotHere(number=invoice.number) from error
    if not changed:
        return
    audit.record(
        session,
        action="invoice.paid_changed",
        object_type="invoice",
        object_id=invoice.id,
        before=before,
        after=states.invoice_facts(invoice),
    )
    await states.publish_invoice(session, invoice, states.changed_contract(invoice))
