"""Bank statements: what a file says, what was imported, its lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.closes import Balance, Figure


class Proved(Answer):
    """The balances of a period; the two sums lead from the first to the last."""

    account: str
    format: str
    opens_on: date
    closes_on: date
    opening_idr: int
    closing_idr: int
    credits_idr: int
    debits_idr: int
    lines_count: int

    @property
    def format_word(self) -> str:
        """The format as people call it."""
        return {"mt940": "MT940", "csv": "CSV"}.get(self.format, "berkas lain")


class Statement(Proved):
    """One imported file."""

    id: UUID
    file_name: str
    added_count: int
    imported_at: datetime
    imported_by: str

    @property
    def known_count(self) -> int:
        """Lines that an earlier import had brought already."""
        return self.lines_count - self.added_count


class Outcome(Answer):
    """What became of the new lines so far: each has one fate; ``open`` is by kind."""

    compared: bool
    lines: Mapping[str, Figure]
    open: Mapping[str, Figure]


class StatementDetail(Statement):
    """One imported file with what became of it."""

    outcome: Outcome
    balance: Balance | None = None


class Line(Answer):
    """One row that the bank printed; money that left is negative."""

    line_no: int
    day: date
    at: time | None = None
    amount_idr: int
    reference: str
    description: str
    known: bool = False


class LinePage(Answer):
    """Lines in the order of the file."""

    items: tuple[Line, ...] = ()
    next_after: int | None = None
    total: int = 0


class Column(Answer):
    """One column of a table, what it is taken for, and its first values."""

    place: int
    heading: str
    role: str | None = None
    samples: tuple[str, ...] = ()


class Look(Proved):
    """What a file says and what importing it would do, or did when it has an ``id``."""

    id: UUID | None
    new_count: int
    known_count: int
    warnings: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    layout: str | None = None
    columns: tuple[Column, ...] = ()

    @property
    def changes_nothing(self) -> bool:
        """Every line is known already."""
        return self.new_count == 0
