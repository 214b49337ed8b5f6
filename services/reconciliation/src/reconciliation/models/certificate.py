"""Closed days."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
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
    checksum: str
