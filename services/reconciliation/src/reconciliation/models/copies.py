"""What reconciliation keeps of customers and their bills."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.domain.allocation import OpenInvoice
from reconciliation.models.base import ReconciliationTable
from shared.money import Rupiah
from shared.tables import instant


class Customer(ReconciliationTable, table=True):
    """The copy of a customer; his row is the lock of all his money (K2)."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    marketing_id: UUID
    marketing_name: str
    number: str
    name: str
    phone: str = ""
    version: int


class Invoice(ReconciliationTable, table=True):
    """The copy of an invoice. ``allocated_idr`` is kept by triggers, never by code (M6)."""

    __tablename__ = "invoices"

    id: UUID = Field(primary_key=True)
    customer_id: UUID
    number: str
    plan_id: UUID | None = None
    status: str
    due_on: date
    total_idr: int = Field(sa_type=BigInteger)
    allocated_idr: int = Field(default=0, sa_type=BigInteger)
    version: int

    @property
    def outstanding(self) -> Rupiah:
        """What it still needs."""
        return Rupiah(self.total_idr - self.allocated_idr)

    @property
    def takes_money(self) -> bool:
        return self.status not in {"draft", "cancelled"}

    @property
    def as_open(self) -> OpenInvoice:
        return OpenInvoice(self.id, self.due_on, self.outstanding, self.plan_id)


class VirtualAccount(ReconciliationTable, table=True):
    """The copy of one billing at a virtual account; one number may have had several.

    ``ended_at`` is when it stopped taking money unpaid, None while that has not happened.
    """

    __tablename__ = "virtual_accounts"

    id: UUID = Field(primary_key=True)
    number: str | None
    trx_id: str
    customer_id: UUID
    invoice_id: UUID | None
    plan_id: UUID | None
    mode: str
    billing_type: str
    status: str
    amount_idr: int = Field(sa_type=BigInteger)
    expires_at: datetime | None = instant()
    ended_at: datetime | None = instant(default=None)
    version: int
