"""Money that needs a person."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.tables import instant


class MoneyException(ReconciliationTable, table=True):
    """Money that needs a person; closed once it is explained."""

    __tablename__ = "exceptions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    payment_id: UUID
    customer_id: UUID | None
    amount_idr: int = Field(sa_type=BigInteger)
    evidence: str
    opened_at: datetime = instant()
    closed_at: datetime | None = instant(default=None)
    outcome: str | None = None
    version: int = 1
