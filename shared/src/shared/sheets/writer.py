"""The only module that writes spreadsheets, so that the rules of B6 hold for all of them.

CSV as Indonesian spreadsheets open it by a double click: UTF-8 with a byte order mark, semicolons
(the comma parts decimals there), CRLF, days as ``2026-12-10``. XLSX with typed cells: amounts and
counts are numbers, days and moments are dates, everything else is a string and never a formula.

Rows go to a file as they come; neither writer keeps them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, Protocol

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from shared.clock import WIB
from shared.sheets.cells import Column, Kind, Row, Value, guarded, guarded_for_csv

Statement = Sequence[tuple[str, str]]
"""What a file says about itself: label and text."""

_TOTAL = "Jumlah"
_CELL_LENGTH_MAX = 32_767
_NUMBER_FORMATS = {
    Kind.MONEY: '"Rp"#,##0;[Red]-"Rp"#,##0',
    Kind.COUNT: "#,##0",
    Kind.TENTHS: "0.0",
    Kind.DAY: "d mmm yyyy",
    Kind.MOMENT: "d mmm yyyy hh:mm:ss",
}


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its name and its columns."""

    title: str
    columns: tuple[Column, ...]


class Writer(Protocol):
    """Writes one file, table after table."""

    def begin(self, table: Table) -> None:
        """Begin a table; the one before is over."""
        ...

    def add(self, rows: Iterable[Row]) -> None:
        """Write rows of the present table."""
        ...

    def finish(self) -> None:
        """Write what is left; the file is whole afterwards."""
        ...


class _Totals:
    """Adds up what stands in the summed columns of a table."""

    def __init__(self, table: Table) -> None:
        self._columns = table.columns
        self._sums = [0] * len(table.columns)

    def count(self, values: Sequence[Value]) -> None:
        for at, (column, value) in enumerate(zip(self._columns, values, strict=True)):
            if column.summed and isinstance(value, int):
                self._sums[at] += value

    def row(self) -> list[int | None] | None:
        """Give the sums, None where a column has none; nothing when no column has one."""
        if not any(column.summed for column in self._columns):
            return None
        pairs = zip(self._columns, self._sums, strict=True)
        return [total if column.summed else None for column, total in pairs]


class CsvWriter:
    """The statement first, then the first table; a CSV has room for one."""

    def __init__(self, file: BinaryIO, statement: Statement) -> None:
        self._text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
        self._lines = csv.writer(self._text, delimiter=";", lineterminator="\r\n")
        self._lines.writerows([guarded(label), guarded(text)] for label, text in statement)
        self._lines.writerow([])
        self._table: Table | None = None
        self._totals: _Totals | None = None

    def begin(self, table: Table) -> None:
        self._table, self._totals = table, _Totals(table)
        self._lines.writerow([column.title for column in table.columns])

    def add(self, rows: Iterable[Row]) -> None:
        assert self._table is not None
        assert self._totals is not None
        for row in rows:
            values = [column.value(row) for column in self._table.columns]
            self._totals.count(values)
            cells = zip(self._table.columns, values, strict=True)
            self._lines.writerow([_csv_cell(column, value) for column, value in cells])

    def finish(self) -> None:
        sums = self._totals.row() if self._totals else None
        if sums:
            self._lines.writerow([])
            self._lines.writerow(_labelled(["" if s is None else s for s in sums]))
        self._text.flush()
        self._text.detach()


class XlsxWriter:
    """A sheet per table, the statement on a sheet of its own behind them."""

    def __init__(self, file: BinaryIO, statement: Statement) -> None:
        self._statement = statement
        self._book = xlsxwriter.Workbook(
            file,
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_numbers": False,
                "strings_to_urls": False,
                "remove_timezone": False,
            },
        )
        self._formats = {
            kind: self._book.add_format({"num_format": pattern})
            for kind, pattern in _NUMBER_FORMATS.items()
        }
        self._head = self._book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self._sums = {
            kind: self._book.add_format({"num_format": pattern, "bold": True, "top": 1})
            for kind, pattern in _NUMBER_FORMATS.items()
        }
        self._sheet: Worksheet | None = None
        self._table: Table | None = None
        self._totals: _Totals | None = None
        self._next = 0

    def begin(self, table: Table) -> None:
        self._end_table()
        self._sheet = self._book.add_worksheet(table.title)
        self._table, self._totals, self._next = table, _Totals(table), 1
        self._sheet.freeze_panes(1, 0)
        for at, column in enumerate(table.columns):
            self._sheet.set_column(at, at, column.width)
            self._sheet.write_string(0, at, column.title, self._head)

    def add(self, rows: Iterable[Row]) -> None:
        assert self._sheet is not None
        assert self._table is not None
        assert self._totals is not None
        for row in rows:
            values = [column.value(row) for column in self._table.columns]
            self._totals.count(values)
            for at, (column, value) in enumerate(zip(self._table.columns, values, strict=True)):
                self._cell(at, value, self._formats.get(column.kind))
            self._next += 1

    def finish(self) -> None:
        self._end_table()
        sheet = self._book.add_worksheet("Keterangan")
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 80)
        for at, (label, text) in enumerate(self._statement):
            sheet.write_string(at, 0, guarded(label), self._head)
            sheet.write_string(at, 1, guarded(text))
        self._book.close()

    def _end_table(self) -> None:
        if self._sheet is None or self._table is None or self._totals is None:
            return
        width = len(self._table.columns) - 1
        self._sheet.autofilter(0, 0, max(self._next - 1, 1), width)
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self._next + 2}"})
        sums = self._totals.row()
        if sums:
            self._write_sums(self._sheet, self._table, sums)

    def _write_sums(self, sheet: Worksheet, table: Table, sums: list[int | None]) -> None:
        """Below an empty row, so that sorting and filtering leave the totals alone."""
        row = self._next + 1
        if sums[0] is None:
            sheet.write_string(row, 0, _TOTAL, self._head)
        for at, total in enumerate(sums):
            if total is not None:
                sheet.write_number(row, at, total, self._sums[table.columns[at].kind])

    def _cell(self, at: int, value: Value, style: Format | None) -> None:
        assert self._sheet is not None
        if value is None or value == "":
            return
        if isinstance(value, datetime):
            local = value.astimezone(WIB).replace(tzinfo=None)
            self._sheet.write_datetime(self._next, at, local, style)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, at, value, style)
        elif isinstance(value, int) and style is self._formats[Kind.TENTHS]:
            self._sheet.write_number(self._next, at, value / 10, style)
        elif isinstance(value, int):
            self._sheet.write_number(self._next, at, value, style)
        else:
            text = guarded(str(value))[:_CELL_LENGTH_MAX]
            self._sheet.write_string(self._next, at, text)


WRITERS: dict[str, type[CsvWriter] | type[XlsxWriter]] = {"csv": CsvWriter, "xlsx": XlsxWriter}
TABLES_MAX = {"csv": 1, "xlsx": 2}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _csv_cell(column: Column, value: Value) -> str | int:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(WIB):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return f"{value // 10},{value % 10}" if column.kind is Kind.TENTHS else value
    return guarded_for_csv(str(value))


def _labelled(cells: list[str | int]) -> list[str | int]:
    return [_TOTAL, *cells[1:]] if cells[0] == "" else cells
