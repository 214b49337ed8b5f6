"""Money that needs a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from reconciliation.domain.resolution import Action, actions_for
from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.money import Rupiah
from shared.tables import instant


class MoneyException(ReconciliationTable, table=True):
    """Something that needs a person; one per kind and key is open, closed once it is explained.

    ``supports`` and ``contradicts`` are the evidence for and against it, in words.
    """

    __tablename__ = "exceptions"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    key: str
    payment_id: UUID | None = None
    bank_line_id: UUID | None = None
    notice_id: UUID | None = None
    customer_id: UUID | None = None
    amount_idr: int = Field(sa_type=BigInteger)
    evidence: str
    supports: list[str] = Field(default_factory=list, sa_type=JSONB)
    contradicts: list[str] = Field(default_factory=list, sa_type=JSONB)
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    owner_id: UUID | None = None
    owner_name: str | None = None
    opened_at: datetime = instant()
    closed_at: datetime | None = instant(default=None)
    outcome: str | None = None
    version: int = 1

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.amount_idr)

    def offers(self, *, stands: bool) -> tuple[Action, ...]:
        """Give its ways out while nothing is decided; ``stands`` tells of its payment."""
        return actions_for(self.kind, stands=stands, has_line=self.bank_line_id is not None)
