"""Closed days, and runs of the check of all books."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlmodel import Field

from reconciliation.domain.certificate import Facts, seal
from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.tables import instant


class Certificate(ReconciliationTable, table=True):
    """What a closed day held; insert-only, each chained to the one before.

    ``facts`` is the JSON text that the checksum covers, to the byte.
    """

    __tablename__ = "certificates"

    day: date = Field(primary_key=True)
    no: int
    closed_at: datetime = instant()
    closed_by: str
    facts: str
    entries_hash: str
    previous: str
    checksum: str = ""

    @property
    def held(self) -> Facts:
        """What it says of the day."""
        return Facts.model_validate_json(self.facts)

    def seal(self) -> str:
        """Compute the checksum over everything that it says, and over the one before."""
        return seal(
            self.previous,
            self.no,
            self.day.isoformat(),
            self.closed_at.isoformat(),
            self.closed_by,
            self.entries_hash,
            self.facts,
        )


class BookCheck(ReconciliationTable, table=True):
    """One run of the check of all books; without ``finished_at`` it waits or runs.

    ``told`` are the first differences, a line each.
    """

    __tablename__ = "book_checks"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    asked_at: datetime = instant()
    asked_by: str
    finished_at: datetime | None = instant(default=None)
    milliseconds: int | None = Field(default=None, sa_type=BigInteger)
    entries: int | None = Field(default=None, sa_type=BigInteger)
    differences: int | None = None
    told: str | None = None
