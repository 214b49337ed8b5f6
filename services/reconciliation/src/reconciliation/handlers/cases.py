"""What is locked before anything is decided about an exception, or undone (K2)."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from reconciliation.handlers.scene import STATEMENT
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
    number = await account_of(session, seen)
    owners = {payer, *customers, *await sightings.owners_at(session, number)}
    if seen.payment_id:
        owners |= await payments.owners_of_parts(session, seen.payment_id)
    for customer_id in sorted(each for each in owners if each is not None):
        await copies.lock_customer(session, customer_id)
    if number:
        await sightings.lock_account(session, number)
    payment = seen.payment_id and await payments.find_payment(session, seen.payment_id)
    found = await exceptions.lock_current(session, exception_id, version)
    if payment and payment.customer_id != payer:
        raise Conflict
    return found, payment or None


async def account_of(session: Session, about: MoneyException) -> str:
    """Name the virtual account that an exception is about, which may be counted anew; or nothing.

    It is that of its payment or its line; what the bank has more than the books names it itself.
    """
    if about.payment_id is not None:
        return (await payments.get_payment(session, about.payment_id)).virtual_account
    if about.bank_line_id is not None:
        line = await sightings.of_subject(session, about.bank_line_id, STATEMENT)
        return line.virtual_account if line else ""
    return about.key if about.kind == ExceptionKind.MISSING_HERE else ""
