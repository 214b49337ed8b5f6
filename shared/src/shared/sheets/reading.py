"""A table that a person made, CSV or XLSX: its headings and its rows, nothing understood yet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from shared.sheets import xlsx
from shared.sheets.cells import guarded_for_csv
from shared.sheets.text import Unreadable, decode
from shared.sheets.xlsx import COLUMNS_MAX

ROWS_MAX = 5_000
CELL_LENGTH_MAX = 4_000
TEXT_MAX = 8_000_000
"""Letters in all: an archive may name one long text in every cell."""
HEAD_WITHIN = 40
_SEPARATORS = (";", ",", "\t")
_FOOTERS = ("total", "jumlah", "grand total")
_ZIP = b"PK\x03\x04"
_OTHERS = {
    b"\xd0\xcf\x11\xe0": "Ini berkas Excel lama (.xls) atau berkata sandi. Simpan sebagai .xlsx.",
    b"%PDF": "Ini berkas PDF. Unggah berkas Excel (.xlsx) atau CSV.",
    b"\xff\xfe": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
    b"\xfe\xff": "Berkas memakai UTF-16. Simpan sebagai CSV UTF-8.",
}
_BINARY = "Berkas ini bukan tabel. Unggah berkas Excel (.xlsx) atau CSV."


@dataclass(frozen=True, slots=True)
class Line:
    """One row, with its number in the file as a spreadsheet shows it."""

    no: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table cut into its parts."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def plain(word: str) -> str:
    """Spell a heading or label without case, points and double blanks."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", word.lower()).split())


def read(content: bytes, known: Collection[str]) -> Sheet:
    """Read a file.

    Args:
        known: headings that can be expected, spelled ``plain``; they tell the head from what
            stands above it.

    Raises:
        Unreadable: it is no table, has too much in it, or no rows.
    """
    for signature, reason in _OTHERS.items():
        if content.startswith(signature):
            raise Unreadable(reason)
    if content.startswith(_ZIP):
        lines = _bounded(xlsx.rows(content))
        return _cut(lines, _head(lines, known))
    return _of_text(decode(content, _BINARY), known)


def _of_text(text: str, known: Collection[str]) -> Sheet:
    """Take the separator that shows known headings, else the one that makes most columns."""
    tried: list[tuple[tuple[int, int], list[Line], int]] = []
    faults: list[Unreadable] = []
    for separator in _SEPARATORS:
        try:
            lines = _bounded(_csv_rows(text, separator))
        except Unreadable as fault:
            faults.append(fault)
            continue
        head = _head(lines, known)
        tried.append(((_rank(lines[head], known), len(lines[head].cells)), lines, head))
    if not tried:
        raise faults[0]
    rank, lines, head = max(tried, key=lambda each: each[0])
    if faults and rank[1] < 2:  # one column is no table; the fault tells more
        raise faults[0]
    return _cut(lines, head)


def _csv_rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for row in reader:
            yield start, row
            start = reader.line_num + 1
    except csv.Error:
        raise Unreadable("tanda kutip di baris ini tidak benar.", start) from None


def _bounded(rows: Iterable[tuple[int, Sequence[str]]]) -> list[Line]:
    lines: list[Line] = []
    letters = 0
    for no, row in rows:
        cells = tuple(_unguarded(cell.strip()) for cell in row)
        if len(lines) > ROWS_MAX + HEAD_WITHIN:
            raise Unreadable(f"Lebih dari {ROWS_MAX} baris. Bagi menjadi beberapa berkas.")
        if len(cells) > COLUMNS_MAX:
            raise Unreadable(xlsx.TOO_WIDE, no)
        if any(len(cell) > CELL_LENGTH_MAX for cell in cells):
            raise Unreadable(f"ada sel yang lebih dari {CELL_LENGTH_MAX} huruf.", no)
        letters += sum(map(len, cells))
        if letters > TEXT_MAX:
            raise Unreadable("Isi berkas terlalu banyak. Bagi menjadi beberapa berkas.")
        if any(cells):
            lines.append(Line(no, cells))
    return lines


def _unguarded(cell: str) -> str:
    """Take the apostrophe off again that keeps a program from running or cutting a text (B6)."""
    return cell[1:] if cell[:1] == "'" and guarded_for_csv(cell[1:]) == cell else cell


def _head(lines: Sequence[Line], known: Collection[str]) -> int:
    """Find the row that names most; where none names two, the first with two filled cells."""
    best = max(
        range(min(len(lines), HEAD_WITHIN)), key=lambda at: _rank(lines[at], known), default=0
    )
    if lines and len(_named(lines[best], known)) >= 2:
        return best
    wide = (at for at, line in enumerate(lines[:HEAD_WITHIN]) if sum(map(bool, line.cells)) >= 2)
    return next(wide, 0)


def _rank(line: Line, known: Collection[str]) -> int:
    return len(_named(line, known))


def _named(line: Line, known: Collection[str]) -> set[str]:
    return {plain(cell) for cell in line.cells} & set(known)


def _cut(lines: Sequence[Line], head: int) -> Sheet:
    if not lines:
        raise Unreadable("Berkas kosong.")
    body = list(lines[head + 1 :])
    if body and _is_footer(body):
        body.pop()
    if not body:
        raise Unreadable("Tidak ada baris di bawah judul kolom.")
    if len(body) > ROWS_MAX:
        raise Unreadable(f"Lebih dari {ROWS_MAX} baris. Bagi menjadi beberapa berkas.")
    width = max(len(line.cells) for line in (lines[head], *body))
    headings = lines[head].cells + ("",) * (width - len(lines[head].cells))
    return Sheet(headings, tuple(body))


def _is_footer(body: Sequence[Line]) -> bool:
    """Tell whether the last row is a sum: named so, and with an empty row above it."""
    last = body[-1]
    above = body[-2].no if len(body) > 1 else 0
    first = next((cell for cell in last.cells if cell), "")
    return plain(first) in _FOOTERS and last.no - above > 1
