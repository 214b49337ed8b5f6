"""Writing the ledger: movements are added, or taken back by their mirror (M2, M3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func

from reconciliation.domain.ledger import Entry, TransactionKind, reverse
from reconciliation.models import LedgerEntry, LedgerTransaction
from reconciliation.store import ledger
from shared.database import Session


async def post(
    session: Session,
    kind: TransactionKind,
    object_id: UUID,
    customer_id: UUID | None,
    entries: Sequence[Entry],
    *,
    on: date | None = None,
) -> None:
    """Add a movement; one of its kind per object (I).

    Args:
        on: the day that it belongs to, when that may be past; a closed day takes nothing more,
            so it is booked on the open day then (R3).
    """
    transaction = LedgerTransaction(
        kind=kind,
        object_id=object_id,
        customer_id=customer_id,
        posted_at=session.clock.now(),
        booked_on=_open_day(session, on),
    )
    await _write(session, transaction, entries)


async def take_back(session: Session, kind: TransactionKind, object_id: UUID, reason: str) -> None:
    """Add the mirror of a movement that was posted; once at most."""
    original = await ledger.find_transaction(session, kind, object_id)
    if original is None:
        raise LookupError(f"no {kind} of {object_id} in the ledger")
    transaction = LedgerTransaction(
        kind=TransactionKind.REVERSAL,
        object_id=original.id,
        customer_id=original.customer_id,
        reverses=original.id,
        reason=reason,
        posted_at=session.clock.now(),
        booked_on=_open_day(session),
    )
    await _write(session, transaction, reverse(await ledger.entries_of(session, original.id)))


def _open_day(session: Session, wanted: date | None = None) -> Any:
    """Give the expression of the day to book on; the database also locks and checks it."""
    today = session.clock.today()
    return func.open_day(today if wanted is None else min(wanted, today))


async def _write(
    session: Session, transaction: LedgerTransaction, entries: Sequence[Entry]
) -> None:
    session.add(transaction)
    await session.flush()
    session.add_all(
        LedgerEntry(
            transaction_id=transaction.id,
            no=no,
            account=entry.account,
            customer_id=entry.customer_id,
            amount_idr=entry.amount.amount,
        )
        for no, entry in enumerate(entries, start=1)
    )
    await session.flush()
