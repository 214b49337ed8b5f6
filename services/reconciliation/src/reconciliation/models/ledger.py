"""The ledger: double entry, append-only."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.domain.ledger import Entry
from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.money import Rupiah
from shared.tables import instant


class LedgerTransaction(ReconciliationTable, table=True):
    """One money movement; insert-only (M3)."""

    __tablename__ = "ledger_transactions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    object_id: UUID
    customer_id: UUID | None
    reverses: UUID | None = None
    reason: str | None = None
    posted_at: datetime = instant()
    booked_on: date


class LedgerEntry(ReconciliationTable, table=True):
    """One side of a movement; insert-only (M3)."""

    __tablename__ = "ledger_entries"

    transaction_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    account: str
    customer_id: UUID | None
    amount_idr: int = Field(sa_type=BigInteger)

    @property
    def as_entry(self) -> Entry:
        return Entry(self.account, Rupiah(self.amount_idr), self.customer_id)
