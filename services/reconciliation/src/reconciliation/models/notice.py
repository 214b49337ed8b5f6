"""Messages of the bank that are not believed; their exceptions hold the rest."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable


class Notice(ReconciliationTable, table=True):
    """The newest state that was told of one message (E5)."""

    __tablename__ = "notices"

    id: UUID = Field(primary_key=True)
    version: int = Field(sa_type=BigInteger)
