"""Money that waits: for its own bill, or as credit left over (titipan) for the next.

What a person took back from a bill never goes there again by itself.
"""

from __future__ import annotations

from uuid import UUID

from reconciliation.handlers import exceptions, states
from reconciliation.handlers.allocating import allocate_by_rule
from reconciliation.models import Invoice, Payment
from reconciliation.store import copies, payments
from shared.contracts.reconciliation import PaymentReconciled
from shared.database import Session

USED = "Titipan dipakai otomatis."


async def allocate_and_tell(
    session: Session, payment: Payment, barred: frozenset[UUID] = frozenset(), reason: str = ""
) -> None:
    """Let a payment's waiting money go where the rule sends it."""
    before = states.payment_facts(payment)
    if await allocate_by_rule(session, payment, barred):
        states.audit_payment(session, "payment.allocated", payment, before, reason)
        await states.publish_payment(session, payment, PaymentReconciled)
    await exceptions.follow_leftover(session, payment)


async def let_waiting_money_in(session: Session, invoice: Invoice) -> None:
    """Let payments that were made for this bill, and came before it could take them, pay it."""
    for payment in await payments.payments_waiting_for(session, invoice):
        await allocate_and_tell(session, payment)


async def use_credit(session: Session, customer_id: UUID) -> None:
    """Pay open bills from credit: oldest payment first, oldest due first (M5, M6).

    The caller has locked the customer (K2).
    """
    if not await copies.lock_open_invoices(session, customer_id):
        return
    for payment in await payments.payments_with_credit(session, customer_id):
        barred = await payments.bills_taken_back_from(session, payment.id)
        await allocate_and_tell(session, payment, barred=barred, reason=USED)
