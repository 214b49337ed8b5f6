"""Reversing a payment because persons agree that the bank denies it, and the way back (ADR-0028).

What was seen of it proves nothing from then on, so the account is counted anew: what the bank does
show instead is posted, and no later news brings the payment back.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from reconciliation.handlers.counting import count_account
from reconciliation.handlers.credit import let_waiting_money_in, use_credit
from reconciliation.handlers.payments import reverse
from reconciliation.models import MoneyException, Payment
from reconciliation.store import copies, sightings
from shared.database import Session


async def retract(session: Session, payment: Payment, reason: str, *, apply_credit: bool) -> None:
    """Reverse a payment whose retraction is decided, with everything it paid."""
    freed = await reverse(session, payment, reason)
    await _count(session, payment, freed, apply_credit=apply_credit)


async def restore(
    session: Session, found: MoneyException, payment: Payment, *, apply_credit: bool
) -> None:
    """Post anew what a retraction took back; a reversal itself is final (S)."""
    seen = await sightings.sources_of(session, [payment.id])
    await _count(session, payment, (), apply_credit=apply_credit)
    counted = {each.payment_id for each in seen if each.payment_id} - {payment.id}
    if counted:
        found.payment_id = min(counted)


async def _count(
    session: Session, payment: Payment, freed: Iterable[UUID], *, apply_credit: bool
) -> None:
    await count_account(session, payment.virtual_account, apply_credit=apply_credit)
    for invoice_id in freed:
        await let_waiting_money_in(session, await copies.get_invoice(session, invoice_id))
    if apply_credit and payment.customer_id is not None:
        await use_credit(session, payment.customer_id)
