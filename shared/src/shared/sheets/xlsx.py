"""The first visible sheet of an XLSX file, as rows of text.

What stands in a cell is read, never computed: of a formula the value that was saved with it. An
XLSX is an archive of XML from a stranger, so it is bounded before it is unpacked, no document type
is accepted (no entities then), and rows are read as they come.
"""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from xml.parsers import expat

from shared.sheets.text import Unreadable

COLUMNS_MAX = 100
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
PART_BYTES_MAX = 8 * 1024 * 1024  # of one that is kept whole: the list of sheets, the formats
PARTS_MAX = 500
_TEXTS = "xl/sharedStrings.xml"
_DEPTH_MAX = 50
_ROW_LAST = 1_048_576
_PLACES = range(-324, 21)  # of a first digit: a number of a few signs could fill megabytes
_PIECE = 64 * 1024
_DIGITS_SHOWN = 15
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 - no instants
_DAYS_MAX = 2_958_465
_BUILT_IN_DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_BROKEN = (
    "Berkas Excel ini rusak atau bukan .xlsx. Simpan ulang dari Excel, atau simpan sebagai CSV."
)
_TOO_LARGE = "Isi berkas Excel ini terlalu besar setelah dibuka. Bagi menjadi beberapa berkas."
_TOO_LONG = "Ada angka yang terlalu panjang. Tulis sebagai teks, lalu unggah lagi."
TOO_WIDE = f"Lebih dari {COLUMNS_MAX} kolom. Hapus kolom yang tidak perlu."
_LOCKED = "Berkas Excel ini berkata sandi. Hapus kata sandinya, lalu unggah lagi."
_BREAKS = (
    zipfile.BadZipFile,
    expat.ExpatError,
    zlib.error,
    lzma.LZMAError,
    ArithmeticError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    ValueError,
)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str, str], None]


def rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that hold something, with their numbers in the sheet.

    Raises:
        Unreadable: it is no such file, too large, or a cell has no value to read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check(archive)
            yield from _Book(archive).rows()
    except Unreadable:
        raise
    except _BREAKS as error:
        raise Unreadable(_BROKEN) from error


def _check(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_LOCKED)
    if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > UNPACKED_BYTES_MAX:
        raise Unreadable(_TOO_LARGE)


def _parse(
    archive: zipfile.ZipFile, name: str, start: Start, end: End | None = None
) -> Iterator[None]:
    """Read one part in pieces; ``end`` gets the text that stood directly in the element."""
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    texts: list[list[str]] = [[]]

    def opened(tag: str, attributes: dict[str, str]) -> None:
        if len(texts) > _DEPTH_MAX:
            raise Unreadable(_BROKEN)
        texts.append([])
        start(_local(tag), {_local(key): value for key, value in attributes.items()})

    def heard(text: str) -> None:
        texts[-1].append(text)

    def closed(tag: str) -> None:
        text = "".join(texts.pop())
        if end is not None:
            end(_local(tag), text)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = heard
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(name) as part:
        while piece := part.read(_PIECE):
            parser.Parse(piece, False)
            yield
    parser.Parse(b"", True)
    yield


def _refuse_doctype(*_: object) -> None:
    raise Unreadable(_BROKEN)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


class _Book:
    """What cells refer to: shared texts, which formats are dates, the epoch, the first sheet."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._texts: list[str] = []
        self._dates: list[bool] = []
        self._epoch = _EPOCHS[False]
        self._sheet = self._find_sheet()
        self._read_texts()
        self._read_formats()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield rows as their cells are complete."""
        sheet = _SheetReader(self._value)
        for _ in _parse(self._archive, self._sheet, sheet.start, sheet.end):
            yield from sheet.take()

    def _find_sheet(self) -> str:
        sheets: list[dict[str, str]] = []
        targets: dict[str, str] = {}

        def book(tag: str, given: dict[str, str]) -> None:
            if tag == "sheet":
                sheets.append(given)
            elif tag == "workbookPr":
                self._epoch = _EPOCHS[given.get("date1904") in {"1", "true"}]

        def relation(tag: str, given: dict[str, str]) -> None:
            if tag == "Relationship":
                targets[given["Id"]] = given["Target"]

        self._all("xl/workbook.xml", book)
        self._all("xl/_rels/workbook.xml.rels", relation)
        shown = [sheet for sheet in sheets if sheet.get("state", "visible") == "visible"]
        target = targets[shown[0]["id"]]
        return target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def _read_texts(self) -> None:
        parts: list[str] = []
        quiet = [0]

        def start(tag: str, _given: dict[str, str]) -> None:
            quiet[0] += tag == "rPh"

        def end(tag: str, text: str) -> None:
            quiet[0] -= tag == "rPh"
            if tag == "t" and not quiet[0]:
                parts.append(text)
            elif tag == "si":
                self._texts.append("".join(parts))
                parts.clear()

        self._all(_TEXTS, start, end)

    def _read_formats(self) -> None:
        codes: dict[str, str] = {}
        inside = [False]

        def start(tag: str, given: dict[str, str]) -> None:
            if tag == "numFmt":
                codes[given["numFmtId"]] = given.get("formatCode", "")
            elif tag == "cellXfs":
                inside[0] = True
            elif tag == "xf" and inside[0]:
                known = given.get("numFmtId", "0")
                self._dates.append(int(known) in _BUILT_IN_DATES or _is_date(codes.get(known, "")))

        def end(tag: str, _text: str) -> None:
            if tag == "cellXfs":
                inside[0] = False

        self._all("xl/styles.xml", start, end)

    def _all(self, name: str, start: Start, end: End | None = None) -> None:
        if name in self._names:
            if name != _TEXTS and self._archive.getinfo(name).file_size > PART_BYTES_MAX:
                raise Unreadable(_TOO_LARGE)
            for _ in _parse(self._archive, name, start, end):
                pass

    def _value(self, kind: str, style: str, text: str) -> str:
        if kind == "s":
            return self._texts[int(text)]
        if kind == "b":
            return "ya" if text == "1" else "tidak"
        if kind not in {"", "n"} or not text:
            return text
        at = int(style or 0)
        is_date = at < len(self._dates) and self._dates[at]
        return _moment(text, self._epoch) if is_date else _number(text)


class _SheetReader:
    """Collects cells into rows while the sheet is read."""

    def __init__(self, value: Callable[[str, str, str], str]) -> None:
        self._value = value
        self._done: list[tuple[int, list[str]]] = []
        self._row: dict[int, str] = {}
        self._row_no = 0
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._formula = False

    def take(self) -> list[tuple[int, list[str]]]:
        """Give the rows that are complete by now."""
        done, self._done = self._done, []
        return done

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            row_no = int(given.get("r", self._row_no + 1))
            if not self._row_no < row_no <= _ROW_LAST:
                raise Unreadable(_BROKEN)
            self._row_no = row_no
            self._row = {}
        elif tag == "c":
            self._cell, self._text, self._formula = given, [], False

    def end(self, tag: str, text: str) -> None:
        if tag == "f":
            self._formula = True
        elif tag in {"v", "t"}:
            self._text.append(text)
        elif tag == "c":
            self._end_cell()
        elif tag == "row" and self._row:
            width = max(self._row) + 1
            self._done.append((self._row_no, [self._row.get(at, "") for at in range(width)]))

    def _end_cell(self) -> None:
        place = self._cell.get("r", "")
        if self._formula and not self._text:
            raise Unreadable(
                f"Sel {place} berisi rumus yang belum dihitung."
                " Buka di Excel, simpan, lalu unggah lagi.",
                self._row_no,
            )
        at = _column(place) if place else len(self._row)
        text = self._value(self._cell.get("t", ""), self._cell.get("s", ""), "".join(self._text))
        if text and at >= COLUMNS_MAX:
            raise Unreadable(TOO_WIDE, self._row_no)
        if text:
            self._row[at] = text


def _column(place: str) -> int:
    at = 0
    for letter in re.sub(r"[^A-Z]", "", place)[:3]:
        at = at * 26 + ord(letter) - 64
    return at - 1


def _is_date(code: str) -> bool:
    """Tell whether a format shows days; quoted words, colours and escapes do not count."""
    return re.search(r"[ymdh]", re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", code.lower())) is not None


def _number(text: str) -> str:
    """Spell a number with the digits that a spreadsheet shows, its decimals behind a comma."""
    exact = Decimal(text)
    if not exact.is_finite() or exact.adjusted() not in _PLACES:
        raise Unreadable(_TOO_LONG)
    number = Decimal(f"{exact:.{_DIGITS_SHOWN}g}")
    return f"{number.normalize():f}".replace(".", ",")


def _moment(text: str, epoch: datetime) -> str:
    days = float(text)
    if not 0 <= days < _DAYS_MAX:
        return _number(text)
    moment = epoch + timedelta(seconds=round(days * 86_400))
    whole_day = moment.hour == moment.minute == moment.second == 0
    return f"{moment:%Y-%m-%d}" if whole_day else f"{moment:%Y-%m-%d %H:%M:%S}"
