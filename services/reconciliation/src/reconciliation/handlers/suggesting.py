"""Whose money of nobody known may be: few candidates out of all customers, weighed by the domain.

Row-level security narrows everything down to what the reader may see: a Marketing who is asked is
suggested his own customers only (A2).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.suggestion import Suggestion, lookups, suggest
from reconciliation.domain.transfer import Earlier, Transfer
from reconciliation.models import MoneyException
from reconciliation.store import candidates as store
from shared.database import Session
from shared.money import Rupiah


async def suggest_owners(session: Session, found: MoneyException) -> list[Suggestion]:
    """Suggest whose money an open exception is about; nobody when its owner is known."""
    if found.kind != ExceptionKind.UNKNOWN_PAYER or found.closed_at is not None:
        return []
    amount = Rupiah(found.amount_idr)
    owing, alike = await store.find_owing(session, amount)
    transfer = _transfer(
        found.facts,
        amount,
        bills_alike=alike,
        taken_back=await store.taken_back_from(session, found.id),
    )
    earlier = [
        Earlier(customer_id, same)
        for customer_id, facts, paid in await store.decisions(session)
        if transfer.is_from_sender_of(same := _transfer(facts, Rupiah(paid)))
    ]
    sought = lookups(transfer)
    named = await store.find_marked(session, sought, amount)
    ids = named | owing | {each.customer_id for each in earlier}
    tails = {each.sought for each in sought if each.sought.isdigit()}
    return suggest(transfer, await store.load(session, ids, amount, tails), earlier)


def _transfer(facts: Mapping[str, Any], amount: Rupiah, **more: Any) -> Transfer:
    return Transfer(
        amount=amount,
        day=date.fromisoformat(facts["day"]),
        text=facts["text"],
        own_account=facts["account"],
        **more,
    )
