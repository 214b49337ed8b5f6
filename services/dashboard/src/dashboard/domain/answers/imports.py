"""Imports of spreadsheets: what a file says, what its rows do, what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from dashboard.domain.answers.base import Answer, Named


class Import(Answer):
    """One import."""

    id: UUID
    kind: str
    file_name: str
    state: str
    note: str = ""
    whole: bool = True
    marketing_id: UUID | None = None
    made_by: Named
    made_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    rows: Mapping[str, int]
    outcome: Mapping[str, int]

    @property
    def total(self) -> int:
        """All rows of the file."""
        return sum(self.rows.values())

    @property
    def to_write(self) -> int:
        """Rows that do something."""
        return self.rows.get("new", 0) + self.rows.get("changed", 0)

    @property
    def rejected(self) -> int:
        """Rows that cannot be taken."""
        return self.rows.get("rejected", 0)

    @property
    def written(self) -> int:
        """Rows that were written, also when they were taken back since."""
        return self.outcome.get("written", 0) + self.outcome.get("undone", 0)

    @property
    def failed(self) -> int:
        """Rows that could not be written although they were fine."""
        return self.outcome.get("failed", 0)

    @property
    def at_work(self) -> bool:
        """Whether the page should look again soon."""
        return self.state in {"running", "undoing"}


class ImportField(Answer):
    """A field that a row can have."""

    key: str
    title: str
    needed: bool


class SheetColumn(Answer):
    """One column of a file, with what it is taken for and its first values."""

    place: int
    heading: str
    field: str | None
    samples: tuple[str, ...]


class ImportDetail(Import):
    """An import with its columns."""

    layout: str
    fields: tuple[ImportField, ...]
    columns: tuple[SheetColumn, ...]


class Fault(Answer):
    """What is wrong with a field, and what it may have meant."""

    field: str
    reason: str
    proposal: str


class Text(Answer):
    """What stands in a field of a row."""

    field: str
    title: str
    text: str


class Change(Answer):
    """A field that changes."""

    field: str
    title: str
    before: Any
    after: Any


class ImportRow(Answer):
    """One row of a file."""

    row_no: int
    verdict: str
    state: str
    object_id: UUID | None
    texts: tuple[Text, ...]
    faults: tuple[Fault, ...]
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        """What people call the row; a booking has no name."""
        by_field = {text.field: text.text for text in self.texts}
        return by_field.get("name", "")

    @property
    def detail(self) -> str:
        """The filled fields besides the name, in the order of the form."""
        return " · ".join(text.text for text in self.texts if text.text and text.field != "name")

    def text_of(self, field: str) -> str:
        """Give what stands in a field."""
        return next((text.text for text in self.texts if text.field == field), "")

    def title_of(self, field: str) -> str:
        """Give the title of a field; a fault of the whole row has none."""
        return next((text.title for text in self.texts if text.field == field), "")


class ImportRows(Answer):
    """Rows in the order of the file."""

    items: tuple[ImportRow, ...] = ()
    next_after: int | None = None
