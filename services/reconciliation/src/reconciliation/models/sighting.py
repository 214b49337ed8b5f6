"""What each source saw of money."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.tables import instant


class Sighting(ReconciliationTable, table=True):
    """What one source saw of one payment; insert-only but for what it is counted in.

    Attributes:
        source: ``callback``, ``inquiry`` or ``statement``.
        subject_id: the bank-gateway's payment, or the line of a statement.
        is_denial: the bank's record contradicts it (C11); ``trouble`` says how.
        virtual_account: the number it was paid to; empty when there is none.
        remark: what the line says; empty for what is not a line.
        day: the WIB day on which it was paid, or booked.
        asked_for_at: when we had the bank asked about a line that it did not tell of.
    """

    __tablename__ = "sightings"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    source: str
    subject_id: UUID
    is_denial: bool = False
    trouble: str | None = None
    virtual_account: str = ""
    trx_id: str = ""
    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    plan_id: UUID | None = None
    amount_idr: int = Field(sa_type=BigInteger)
    reference: str
    payer_name: str = ""
    remark: str = ""
    day: date
    paid_at: datetime = instant()
    seen_at: datetime = instant()
    payment_id: UUID | None = None
    asked_for_at: datetime | None = instant(default=None)


class StatementComparison(ReconciliationTable, table=True):
    """A statement whose lines have all been compared with the books."""

    __tablename__ = "statement_comparisons"

    statement_id: UUID = Field(primary_key=True)
    compared_at: datetime = instant()
