"""How imports and their rows are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from customer.api.people import Person
from customer.domain.imports.fields import FIELDS
from customer.domain.imports.life import ImportKind, ImportState, RowState, Verdict
from customer.domain.imports.rows import text_of
from customer.models import Import, ImportRow

SAMPLES = 3


class ImportView(BaseModel):
    """One import; ``rows`` by what they do, ``outcome`` by what became of those that do anything.

    ``note`` says why it stopped, when it did.
    """

    id: UUID
    kind: ImportKind
    file_name: str
    state: ImportState
    note: str
    whole: bool
    marketing_id: UUID | None
    made_by: Person
    made_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    rows: dict[Verdict, int]
    outcome: dict[RowState, int]
    version: int


class FieldView(BaseModel):
    """A field that a row can have; a new row cannot do without ``needed`` ones."""

    key: str
    title: str
    needed: bool


class SheetColumnView(BaseModel):
    """One column of the file, what it is taken for, and its first values."""

    place: int
    heading: str
    field: str | None
    samples: list[str]


class ImportDetail(ImportView):
    """An import with its columns; ``layout`` says who decided them."""

    layout: Literal["guessed", "remembered", "named"]
    fields: list[FieldView]
    columns: list[SheetColumnView]


class FaultView(BaseModel):
    """What is wrong with a field, and what it may have meant; without a field: with the row."""

    field: str
    reason: str
    proposal: str


class TextView(BaseModel):
    """What stands in a field of a row, as the file or a person wrote it."""

    field: str
    title: str
    text: str


class ChangeView(BaseModel):
    """A field that would change."""

    field: str
    title: str
    before: Any
    after: Any


class ImportRowView(BaseModel):
    """One row, and what it does or did."""

    row_no: int
    verdict: Verdict
    state: RowState
    object_id: UUID | None
    texts: list[TextView]
    faults: list[FaultView]
    changes: list[ChangeView]


class RowPage(BaseModel):
    """Rows in the order of the file; ``next_after`` asks for the following page."""

    items: list[ImportRowView]
    next_after: int | None


Counts = Mapping[tuple[Verdict, RowState], int]


def view_of(staged: Import, counts: Counts) -> ImportView:
    """Shape an import for a list."""
    return ImportView(**_fields(staged, counts))


def detail_of(staged: Import, counts: Counts, first: Sequence[Sequence[str]]) -> ImportDetail:
    """Shape an import with its columns; ``first`` are the cells of its first rows."""
    by_place = {place: key for key, place in staged.columns.items()}
    columns = [
        SheetColumnView(
            place=place,
            heading=heading,
            field=by_place.get(place),
            samples=[row[place] for row in first if place < len(row) and row[place]][:SAMPLES],
        )
        for place, heading in enumerate(staged.headings)
    ]
    fields = [
        FieldView(key=field.key, title=field.title, needed=field.needed)
        for field in FIELDS[staged.kind]
    ]
    return ImportDetail(
        **_fields(staged, counts), layout=staged.layout, fields=fields, columns=columns
    )


def row_view(staged: Import, row: ImportRow) -> ImportRowView:
    """Shape one row."""
    titles = {field.key: field.title for field in FIELDS[staged.kind]}
    texts = [
        TextView(field=key, title=title, text=text_of(key, row.cells, staged.columns, row.edits))
        for key, title in titles.items()
    ]
    changes = [
        ChangeView(field=key, title=titles.get(key, key), before=pair[0], after=pair[1])
        for key, pair in row.changes.items()
    ]
    return ImportRowView(
        row_no=row.row_no,
        verdict=row.verdict,
        state=row.state,
        object_id=row.object_id,
        texts=texts,
        faults=[FaultView(**fault) for fault in row.faults],
        changes=changes,
    )


def _fields(staged: Import, counts: Counts) -> dict[str, Any]:
    rows, outcome = dict.fromkeys(Verdict, 0), dict.fromkeys(RowState, 0)
    for (verdict, state), number in counts.items():
        rows[verdict] += number
        if verdict in {Verdict.NEW, Verdict.CHANGED}:
            outcome[state] += number
    wanted = {
        "id",
        "kind",
        "file_name",
        "state",
        "note",
        "whole",
        "marketing_id",
        "made_at",
        "started_at",
        "finished_at",
        "version",
    }
    made_by = Person(id=staged.made_by_id, name=staged.made_by_name)
    return staged.model_dump(include=wanted) | {
        "made_by": made_by,
        "rows": rows,
        "outcome": outcome,
    }
