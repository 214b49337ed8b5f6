"""What is locked before anything is decided about an exception, or undone (K2)."""

from __future__ import annotations

from uuid import UUID

from reconciliation.models import MoneyException, Payment
from reconciliation.store import copies, exceptions, payments, sightings
from shared.database import Session
from shared.errors import Conflict


async def lock_case(
    session: Session, exception_id: UUID, version: int, *customers: UUID | None
) -> tuple[MoneyException, Payment | None]:
    """Lock an exception, with the money it is about and whoever it may belong to."""
    seen = await exceptions.get_exception(session, exception_id)
    payer = seen.payment_id and await payments.payer_of(session, seen.payment_id)
    owners = await _owners_at(session, seen) | {payer, *customers}
    if seen.payment_id:
        owners |= await payments.owners_of_parts(session, seen.payment_id)
    for customer_id in sorted(each for each in owners if each is not None):
        await copies.lock_customer(session, customer_id)
    payment = seen.payment_id and await _lock_payment(session, seen.payment_id)
    found = await exceptions.lock_current(session, exception_id, version)
    if payment and payment.customer_id != payer:
        raise Conflict
    return found, payment or None


async def _lock_payment(session: Session, payment_id: UUID) -> Payment | None:
    """Lock a payment and, before it, the account that it may be counted at anew."""
    seen = await payments.get_payment(session, payment_id)
    if seen.virtual_account:
        await sightings.lock_account(session, seen.virtual_account)
    return await payments.find_payment(session, payment_id)


async def _owners_at(session: Session, seen: MoneyException) -> set[UUID | None]:
    """Give whoever has money at the account, which may be counted anew."""
    about = seen.payment_id and await payments.get_payment(session, seen.payment_id)
    if not about or not about.virtual_account:
        return set()
    return {*await sightings.payers_at(session, about.virtual_account)}
