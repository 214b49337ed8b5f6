"""Cutting a table into facts of the account, head and rows; nothing of it is understood yet."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reconciliation.domain.statement import Fault, StatementRefused
from reconciliation.parsers.columns import Head, Role, find_head, guess, plain
from reconciliation.parsers.direction import are_directions
from reconciliation.parsers.text import refused

_LABELS = {
    "account": ("account number", "account no", "nomor rekening", "no rekening", "rekening"),
    "period": ("period", "periode"),
    "opening": ("opening balance", "saldo awal"),
    "closing": ("closing balance", "saldo akhir", "ending balance"),
    "currency": ("currency", "mata uang"),
}
_FOOTERS = ("total", "jumlah", "grand total")


@dataclass(frozen=True, slots=True)
class Cells:
    """One row, with the line of the file on which it starts."""

    no: int
    cells: tuple[str, ...]

    def at(self, place: int | None) -> str:
        """Give a cell; what is not there is empty."""
        if place is None or place >= len(self.cells):
            return ""
        return self.cells[place].strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A file cut into its parts."""

    head: Head
    rows: tuple[Cells, ...]
    facts: Mapping[str, Cells] = field(default_factory=dict)

    @property
    def guessed(self) -> dict[Role, int]:
        """Give the columns by the words of the head; directions are known by their cells too."""
        found = guess(self.head.words)
        if Role.AMOUNT in found and Role.DIRECTION not in found:
            places = [place for place in self.directions if place not in found.values()]
            if places:
                found[Role.DIRECTION] = places[0]
        return found

    @property
    def directions(self) -> list[int]:
        """Give the columns that say of every line which way its money went."""
        places = range(len(self.head.words))
        return [at for at in places if are_directions(row.at(at) for row in self.rows)]


def cut(text: str) -> Table:
    """Cut a file into facts, head and rows.

    Raises:
        StatementRefused: it is no table, or has no head that names day and money.
    """
    for separator in (",", ";"):
        rows = list(_rows(text, separator))
        head = find_head([row.cells for row in rows])
        if head is not None:
            facts = _facts(row for at, row in enumerate(rows) if at != head.at)
            body = tuple(row for row in rows[head.at + 1 :] if not _is_beside(row, head))
            return Table(head, body, facts)
    raise refused(
        "Tidak ada baris judul kolom (tanggal, keterangan, debit, kredit). Berkas ini bukan MT940"
        " maupun CSV mutasi."
    )


def _rows(text: str, separator: str) -> Iterator[Cells]:
    reader = csv.reader(text.split("\n"), delimiter=separator, strict=True)
    start = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield Cells(start, tuple(row))
            start = reader.line_num + 1
    except csv.Error as error:
        raise StatementRefused([Fault(start, "tanda kutip di baris ini tidak benar.")]) from error


def _facts(rows: Iterator[Cells]) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for row in rows:
        label = plain(row.at(0))
        for name, words in _LABELS.items():
            if label in words and row.at(1):
                found.setdefault(name, row)
    return found


def _is_beside(row: Cells, head: Head) -> bool:
    """A row that is no line: a fact, a sum, or the head again on the next page."""
    label = plain(row.at(0))
    known = {word for words in _LABELS.values() for word in words}
    again = tuple(plain(cell) for cell in row.cells) == head.words
    return again or label in known or label.startswith(_FOOTERS)
