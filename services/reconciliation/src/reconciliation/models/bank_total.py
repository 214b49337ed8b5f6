"""What the bank itself says."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
from shared.clock import business_day
from shared.money import Rupiah
from shared.tables import instant

SETTLED = timedelta(hours=1)
"""After this the bank-gateway has recorded by itself what no callback told of (ADR-0014)."""


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

    @property
    def is_settled(self) -> bool:
        """Tell whether nothing was under way any more when the bank was asked."""
        return self.last_paid_at is not None and self.last_paid_at <= self.asked_at - SETTLED

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.bank_paid_idr)

    def speaks_of(self, trx_id: str, paid_at: datetime) -> bool:
        """Tell whether a payment of a billing was made before the bank was asked."""
        return self.trx_id == trx_id and paid_at <= self.asked_at

    def speaks_of_day(self, day: date) -> bool:
        """Tell the same of a day that a statement prints; nobody pays on what is closed."""
        return self.state == "inactive" or day <= business_day(self.asked_at)
