"""Queries of the ledger."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from reconciliation.domain.ledger import Entry, TransactionKind
from reconciliation.models import LedgerEntry, LedgerTransaction
from shared.database import Session


async def find_transaction(
    session: Session, kind: TransactionKind, object_id: UUID
) -> LedgerTransaction | None:
    """Find the one movement of its kind about an object."""
    query = select(LedgerTransaction).where(
        LedgerTransaction.kind == kind, LedgerTransaction.object_id == object_id
    )
    return (await session.exec(query)).first()


async def entries_of(session: Session, transaction_id: UUID) -> list[Entry]:
    """Give the entries of a movement in order."""
    query = (
        select(LedgerEntry)
        .where(LedgerEntry.transaction_id == transaction_id)
        .order_by(col(LedgerEntry.no))
    )
    return [entry.as_entry for entry in (await session.exec(query)).all()]
