"""Keeping copies of virtual accounts, the newest only (E5): lines name their numbers."""

from __future__ import annotations

from datetime import datetime

from reconciliation.handlers.counting import count_account
from reconciliation.handlers.sightings import lock
from reconciliation.models import VirtualAccount
from reconciliation.store import copies, sightings
from shared.contracts.bank_gateway import VaState
from shared.database import Session

_ACCOUNT = set(VirtualAccount.model_fields) - {"id", "ended_at", "version"}


async def keep_account(event: VaState, session: Session, *, apply_credit: bool) -> None:
    """Take a virtual account's newest state; money that was seen before it finds its owner.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
    """
    await copies.lock_customer(session, event.customer_id)
    known = await session.get(VirtualAccount, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    was = (known.number, known.ended_at) if known is not None else (None, None)
    facts = event.model_dump(include=_ACCOUNT)
    facts |= {"version": event.aggregate_version, "ended_at": _ended_at(event)}
    account = known or VirtualAccount(id=event.aggregate_id, **facts)
    account.sqlmodel_update(facts)
    session.add(account)
    await session.flush()
    if account.number is not None and (account.number, account.ended_at) != was:
        await lock(session, [account.number], event.customer_id)
        if await sightings.is_seen(session, account.number):
            await count_account(session, account.number, apply_credit=apply_credit)


def _ended_at(event: VaState) -> datetime | None:
    if event.status == "cancelled":
        return event.occurred_at
    return event.expires_at if event.status == "expired" else None
