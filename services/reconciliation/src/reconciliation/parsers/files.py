"""Any statement file: which format it is, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from reconciliation.domain.statement import Statement
from reconciliation.parsers import bni_csv, mt940
from reconciliation.parsers.bni_csv import Said
from reconciliation.parsers.columns import Columns, Role
from reconciliation.parsers.table import Table, cut
from reconciliation.parsers.text import decode

Format = Literal["mt940", "csv"]
SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table, what it is taken for, and its first values."""

    place: int
    heading: str
    role: Role | None
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file as text; ``table`` is its parts when its columns have to be known."""

    format: Format
    text: str
    table: Table | None = None

    def described(self, columns: Columns) -> list[Column]:
        """Give the columns of a table, for a person to recognise; other formats have none."""
        if self.table is None:
            return []
        roles = {place: role for role, place in columns.items()}
        return [
            Column(place, heading, roles.get(place), self._samples(place))
            for place, heading in enumerate(self.table.head.words)
        ]

    def _samples(self, place: int) -> tuple[str, ...]:
        rows = self.table.rows if self.table else ()
        return tuple(text for row in rows if (text := row.at(place)))[:SAMPLES]


def open_file(content: bytes) -> File:
    """Recognise a file.

    Raises:
        StatementRefused: it is no text, or neither format.
    """
    text = decode(content)
    if mt940.looks_like(text):
        return File("mt940", text)
    return File("csv", text, cut(text))


def read(file: File, said: Said | None = None) -> Statement:
    """Read and prove a statement; what is said of a table is of no use to other formats.

    Raises:
        StatementRefused: with the lines that cannot be read, or where the balances break.
    """
    if file.table is None:
        return mt940.parse(file.text)
    return bni_csv.parse(file.table, said or Said())
