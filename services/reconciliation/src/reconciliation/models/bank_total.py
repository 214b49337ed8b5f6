"""What the bank itself says."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
from shared.tables import instant


class BankTotal(ReconciliationTable, table=True):
    """What the bank had taken in on one billing when it was asked last."""

    __tablename__ = "bank_totals"

    trx_id: str = Field(primary_key=True)
    virtual_account: str
    customer_id: UUID
    invoice_id: UUID | None
    billed_idr: int = Field(sa_type=BigInteger)
    bank_paid_idr: int = Field(sa_type=BigInteger)
    known_paid_idr: int = Field(sa_type=BigInteger)
    last_reference: str | None
    last_paid_at: datetime | None = instant()
    state: str
    asked_at: datetime = instant()
