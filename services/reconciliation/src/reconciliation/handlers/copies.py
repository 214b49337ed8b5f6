"""Keeping copies of customers and of the bank's own totals, the newest only (E5)."""

from __future__ import annotations

from reconciliation.domain.exception import ExceptionKind
from reconciliation.handlers.counting import count_account
from reconciliation.handlers.sightings import lock
from reconciliation.models import BankTotal, Customer
from reconciliation.store import bank_totals, copies, exceptions, sightings
from shared.contracts.bank_gateway import VaInquired
from shared.contracts.customer import CustomerState
from shared.database import Session

_KEPT = {"marketing_id", "marketing_name", "number", "name", "phone"}
_TOTAL = set(BankTotal.model_fields)
_BY_TOTAL = (
    ExceptionKind.MISSING_HERE,
    ExceptionKind.MISSING_AT_BANK,
    ExceptionKind.AMOUNT_DIFFERS,
)
"""What the bank's total may explain."""


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Take a customer's newest state; who owns him acts at once (A6)."""
    known = await copies.find_customer(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    facts = event.model_dump(include=_KEPT)
    facts["version"] = event.aggregate_version
    customer = known or Customer(id=event.aggregate_id, **facts)
    customer.sqlmodel_update(facts)
    session.add(customer)


async def keep_bank_total(event: VaInquired, session: Session, *, apply_credit: bool) -> None:
    """Take what the bank says of a billing, and compare it with the books (R3)."""
    number = event.virtual_account
    await bank_totals.keep(session, BankTotal(**event.model_dump(include=_TOTAL)))
    totals = await bank_totals.at_number(session, number)
    settled = sum(each.bank_paid_idr for each in totals if each.is_settled)
    held = (await sightings.held_at(session, number)).amount
    differs = settled > held or held > sum(each.bank_paid_idr for each in totals)
    if differs or await exceptions.is_open_at(session, _BY_TOTAL, number):
        await lock(session, [number])
        await count_account(session, number, apply_credit=apply_credit)
