"""Keeping copies of customers, accounts and the bank's own totals, the newest only (E5)."""

from __future__ import annotations

from datetime import datetime

from reconciliation.models import BankTotal, Customer, VirtualAccount
from reconciliation.store import bank_totals, copies
from shared.contracts.bank_gateway import VaInquired, VaState
from shared.contracts.customer import CustomerState
from shared.database import Session

_TOTAL = set(BankTotal.model_fields)
_ACCOUNT = set(VirtualAccount.model_fields) - {"id", "ended_at", "version"}


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Take a customer's newest state; who owns him acts at once (A6)."""
    known = await copies.find_customer(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    facts = event.model_dump(include={"marketing_id", "marketing_name", "number", "name"})
    facts["version"] = event.aggregate_version
    customer = known or Customer(id=event.aggregate_id, **facts)
    customer.sqlmodel_update(facts)
    session.add(customer)


async def keep_bank_total(event: VaInquired, session: Session) -> None:
    """Take what the bank says of a billing, for the daily comparison (R3)."""
    await bank_totals.keep(session, BankTotal(**event.model_dump(include=_TOTAL)))


async def keep_account(event: VaState, session: Session) -> None:
    """Take a virtual account's newest state, so that a line of a statement finds its owner.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
    """
    await copies.lock_customer(session, event.customer_id)
    known = await session.get(VirtualAccount, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    facts = event.model_dump(include=_ACCOUNT)
    facts |= {"version": event.aggregate_version, "ended_at": _ended_at(event)}
    account = known or VirtualAccount(id=event.aggregate_id, **facts)
    account.sqlmodel_update(facts)
    session.add(account)


def _ended_at(event: VaState) -> datetime | None:
    if event.status == "cancelled":
        return event.occurred_at
    return event.expires_at if event.status == "expired" else None
