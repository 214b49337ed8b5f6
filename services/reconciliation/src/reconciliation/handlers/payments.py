"""Payments in the books: posted at once and allocated, joined by later news, or taken back."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain import ledger as entries
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.payment import Verification
from reconciliation.handlers import books, decisions, exceptions, splitting, states
from reconciliation.handlers.allocating import allocate_by_rule, reverse_one
from reconciliation.models import Payment
from reconciliation.store import copies, payments
from shared.clock import business_day
from shared.contracts.reconciliation import PaymentPosted, PaymentReconciled, PaymentReversed
from shared.database import Session


async def post(session: Session, payment: Payment) -> None:
    """Write money that came: to the customer, or to suspense when nobody is known (M9)."""
    session.add(payment)
    await session.flush()
    moved = entries.receive(payment.money_channel, payment.customer_id, payment.amount)
    kind = TransactionKind.PAYMENT_RECEIVED
    paid_on = business_day(payment.paid_at)
    await books.post(session, kind, payment.id, payment.customer_id, moved, on=paid_on)
    states.audit_payment(session, "payment.posted", payment, None)


async def post_and_tell(session: Session, payment: Payment) -> None:
    """The same, let it pay bills, and tell of both."""
    await post(session, payment)
    await pay_and_tell(session, payment)


async def pay_and_tell(session: Session, payment: Payment) -> None:
    """Let money that was just posted pay bills, tell of both, and ask about what is left."""
    before = states.payment_facts(payment)
    allocated = await allocate_by_rule(session, payment)
    await states.publish_payment(session, payment, PaymentPosted)
    if allocated:
        states.audit_payment(session, "payment.allocated", payment, before)
        await states.publish_payment(session, payment, PaymentReconciled)
    await exceptions.follow_leftover(session, payment)


async def join(
    session: Session, payment: Payment, facts: dict[str, object], verification: Verification
) -> None:
    """Let what was seen later say more of a payment; its money does not move."""
    news = {name: value for name, value in facts.items() if getattr(payment, name) != value}
    verified = verification != payment.verification
    if not news and not verified:
        return
    before = states.payment_facts(payment)
    payment.sqlmodel_update(news)
    payment.verification = verification
    action = f"payment.{verification}" if verified else "payment.joined"
    states.audit_payment(session, action, payment, before)
    if payment.split_idr:
        await splitting.follow_whole(session, payment, news | {"verification": verification})
    else:
        await states.publish_payment(session, payment, PaymentPosted)


async def reverse(
    session: Session, payment: Payment, trouble: str, *, is_denied: bool = False
) -> list[UUID]:
    """Take a payment back, with everything it paid; give the bills that are open again (C11).

    Args:
        is_denied: the bank denied it; whoever counts the account asks for a person then.
    """
    before = states.payment_facts(payment)
    payment.trouble = trouble
    if is_denied:
        payment.verification = Verification.DISPUTED
    freed = await payments.live_allocations(session, payment_id=payment.id)
    for allocation in freed:
        await copies.get_invoice(session, allocation.invoice_id)
        await reverse_one(session, allocation, trouble)
    split = await decisions.take_back_decisions(session, payment, trouble)
    await books.take_back(session, TransactionKind.PAYMENT_RECEIVED, payment.id, trouble)
    payment.reversed_at = session.clock.now()
    await session.flush()
    await session.refresh(payment, ["allocated_idr"])
    states.audit_payment(session, "payment.reversed", payment, before, trouble)
    await exceptions.follow_leftover(session, payment)
    await states.publish_payment(session, payment, PaymentReversed, reason=trouble)
    return split + [allocation.invoice_id for allocation in freed]
