"""Money that came: posted at once, allocated, confirmed or taken back (C5, C11, M9)."""

from __future__ import annotations

from reconciliation.domain import ledger as entries
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.payment import Verification
from reconciliation.handlers import books, exceptions, states
from reconciliation.handlers.allocating import allocate_by_rule, reverse_one
from reconciliation.handlers.credit import let_waiting_money_in, use_credit
from reconciliation.models import Payment
from reconciliation.store import copies, payments
from shared.clock import business_day
from shared.contracts.bank_gateway import PaymentDisputed, PaymentState
from shared.contracts.reconciliation import PaymentPosted, PaymentReconciled, PaymentReversed
from shared.database import Session
from shared.money import Rupiah

_COPIED = {
    "customer_id",
    "invoice_id",
    "plan_id",
    "channel",
    "virtual_account",
    "trx_id",
    "bank_reference",
    "payer_name",
    "amount_idr",
    "paid_at",
    "received_at",
}


async def take_payment(event: PaymentState, session: Session, *, apply_credit: bool) -> None:
    """Take the newest state of a payment, whichever of its events brings it first (E1, E5).

    Its first sight posts the money: to the customer, or to suspense when nobody is known (M9).
    A dispute ends in a reversal that frees everything it paid (C11); what is open again then is
    paid from other credit of the customer, where the setting says so.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
        InvalidTransition: the bank contradicts itself.
    """
    if event.customer_id is not None:
        await copies.lock_customer(session, event.customer_id)
    known = await payments.find_payment(session, event.aggregate_id)
    if known is not None and known.source_version >= event.aggregate_version:
        return
    payment = known or await _post(event, session)
    payment.source_version = event.aggregate_version
    before = states.payment_facts(payment)
    disputed = isinstance(event, PaymentDisputed)
    told = Verification.DISPUTED if disputed else Verification(event.verification)
    news = payment.verify(told)
    if isinstance(event, PaymentDisputed):
        if news:
            await _reverse(session, payment, event.trouble)
            if apply_credit and payment.customer_id is not None:
                await use_credit(session, payment.customer_id)
    elif known is None:
        await _tell_first(session, payment)
    elif news:
        states.audit_payment(session, f"payment.{told}", payment, before)
        await states.publish_payment(session, payment, PaymentPosted)


async def _post(event: PaymentState, session: Session) -> Payment:
    facts = event.model_dump(include=_COPIED)
    payment = Payment(id=event.aggregate_id, source_version=event.aggregate_version, **facts)
    session.add(payment)
    await session.flush()
    amount = Rupiah(event.amount_idr)
    moved = entries.receive(event.channel, event.customer_id, amount)
    kind = TransactionKind.PAYMENT_RECEIVED
    paid_on = business_day(event.paid_at)
    await books.post(session, kind, payment.id, event.customer_id, moved, on=paid_on)
    states.audit_payment(session, "payment.posted", payment, None)
    return payment


async def _tell_first(session: Session, payment: Payment) -> None:
    before = states.payment_facts(payment)
    allocated = await allocate_by_rule(session, payment)
    await states.publish_payment(session, payment, PaymentPosted)
    if allocated:
        states.audit_payment(session, "payment.allocated", payment, before)
        await states.publish_payment(session, payment, PaymentReconciled)
    await exceptions.follow_leftover(session, payment)


async def _reverse(session: Session, payment: Payment, trouble: str) -> None:
    before = states.payment_facts(payment)
    payment.trouble = trouble
    freed = await payments.live_allocations(session, payment_id=payment.id)
    for allocation in freed:
        await copies.get_invoice(session, allocation.invoice_id)
        await reverse_one(session, allocation, trouble)
    await books.take_back(session, TransactionKind.PAYMENT_RECEIVED, payment.id, trouble)
    payment.reversed_at = session.clock.now()
    await session.flush()
    await session.refresh(payment, ["allocated_idr"])
    states.audit_payment(session, "payment.reversed", payment, before, trouble)
    await exceptions.follow_leftover(session, payment)
    await exceptions.raise_dispute(session, payment, trouble)
    await states.publish_payment(session, payment, PaymentReversed, reason=trouble)
    for allocation in freed:
        await let_waiting_money_in(
            session, await copies.get_invoice(session, allocation.invoice_id)
        )
