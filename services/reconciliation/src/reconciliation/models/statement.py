"""What the bank printed: statements and their lines, insert-only, and remembered layouts."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from reconciliation.models.base import ReconciliationTable
from shared.ids import new_id
from shared.tables import instant


class BankStatement(ReconciliationTable, table=True):
    """One imported file; ``added_count`` of its lines were not known before."""

    __tablename__ = "bank_statements"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    account: str
    format: str
    file_name: str
    file_hash: str
    opens_on: date
    closes_on: date
    opening_idr: int = Field(sa_type=BigInteger)
    closing_idr: int = Field(sa_type=BigInteger)
    credits_idr: int = Field(sa_type=BigInteger)
    debits_idr: int = Field(sa_type=BigInteger)
    lines_count: int
    added_count: int
    imported_at: datetime = instant()
    imported_by: str


class BankLine(ReconciliationTable, table=True):
    """One row of an account, by the statement that brought it first."""

    __tablename__ = "bank_lines"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    statement_id: UUID
    account: str
    line_no: int
    day: date
    value_day: date
    at: time | None
    amount_idr: int = Field(sa_type=BigInteger)
    reference: str
    description: str
    fingerprint: str
    ordinal: int


class StatementLayout(ReconciliationTable, table=True):
    """How tables with this head are read, as a person said last; an empty order was not said."""

    __tablename__ = "statement_layouts"

    head: str = Field(primary_key=True)
    columns: dict[str, int] = Field(sa_type=JSONB)
    account: str
    date_order: str
    remembered_at: datetime = instant()
    remembered_by: str
