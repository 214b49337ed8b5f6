"""Reading files back as a spreadsheet would, with nothing of the writer's own."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

from shared.clock import WIB

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=WIB)


def csv_lines(body: bytes) -> list[list[str]]:
    """Give the cells of each line; the mark at the start must be there, once."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body[3:].decode(), newline=""), delimiter=";"))


class Book:
    """An XLSX file: cells as (type, value); text comes as ``("text", ...)``, never resolved."""

    def __init__(self, body: bytes) -> None:
        self._zip = zipfile.ZipFile(io.BytesIO(body))
        workbook = ElementTree.fromstring(self._zip.read("xl/workbook.xml"))
        self.sheets = [sheet.get("name", "") for sheet in workbook.iter(f"{_MAIN}sheet")]
        styles = ElementTree.fromstring(self._zip.read("xl/styles.xml"))
        patterns = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(f"{_MAIN}numFmt")}
        cells = styles.find(f"{_MAIN}cellXfs")
        assert cells is not None
        self._patterns = [patterns.get(xf.get("numFmtId"), "") for xf in cells]

    def xml(self, no: int = 1) -> str:
        return self._zip.read(f"xl/worksheets/sheet{no}.xml").decode()

    def rows(self, no: int = 1) -> list[dict[str, Any]]:
        """Give the rows as dictionaries by the head of each column; empty cells are absent."""
        root = ElementTree.fromstring(self.xml(no))
        return [
            {re.sub(r"\d", "", cell.get("r", "")): self._value(cell) for cell in row}
            for row in root.iter(f"{_MAIN}row")
        ]

    def table(self, no: int = 1) -> list[dict[str, Any]]:
        head, *rows = self.rows(no)
        return [{head[key]: value for key, value in row.items() if key in head} for row in rows]

    def _value(self, cell: ElementTree.Element) -> Any:
        assert cell.find(f"{_MAIN}f") is None, "a formula"
        if cell.get("t") == "inlineStr":
            return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
        if cell.get("t") == "s":
            raise AssertionError("a shared string: memory does not stay flat")
        value = cell.findtext(f"{_MAIN}v")
        if value is None:
            return None
        pattern = self._patterns[int(cell.get("s", "0"))] or ""
        if "yy" in pattern:
            return _DAY_ZERO + timedelta(days=float(value))
        return int(value) if value.isdecimal() else float(value)
