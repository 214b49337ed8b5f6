"""Tables of BNI Direct and the like: facts of the account, a head, rows, a closing balance.

The assumed layout is written in ``docs/statements.md``. Separators are ``;`` or ``,``, days come
first in dates, and amounts are spelled as ``parsers.rupiah`` reads them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time

from reconciliation.domain.statement import Fault, Line, Statement, StatementRefused, prove
from reconciliation.parsers.columns import Columns, Head, Role, find_head, guess, is_complete, plain
from reconciliation.parsers.rupiah import AmountUnclear, rupiah, style_of
from reconciliation.parsers.text import refused
from shared.money import Rupiah

FAULTS_MAX = 50
_LABELS = {
    "account": ("account number", "account no", "nomor rekening", "no rekening", "rekening"),
    "period": ("period", "periode"),
    "opening": ("opening balance", "saldo awal"),
    "closing": ("closing balance", "saldo akhir", "ending balance"),
    "currency": ("currency", "mata uang"),
}
_FOOTERS = ("total", "jumlah", "grand total")
_DAY = re.compile(
    r"(?:(?P<d>[0-9]{1,2})[/.-](?P<m>[0-9]{1,2})[/.-](?P<y>[0-9]{4}|[0-9]{2})"
    r"|(?P<iy>[0-9]{4})-(?P<im>[0-9]{2})-(?P<id>[0-9]{2}))"
    r"(?:[ T]+(?P<time>[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?))?"
)
_RUPIAH = {"", "IDR", "RP", "RUPIAH"}


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
    """A file cut into its parts; nothing of it is understood yet."""

    head: Head
    rows: tuple[Cells, ...]
    facts: Mapping[str, Cells] = field(default_factory=dict)

    @property
    def guessed(self) -> dict[Role, int]:
        return guess(self.head.words)


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


def parse(table: Table, columns: Columns | None = None, account: str = "") -> Statement:
    """Read a table by its columns, guessed where none are given.

    Raises:
        StatementRefused: with every row that cannot be read, or where the balances break.
    """
    chosen = dict(columns or table.guessed)
    if not is_complete(chosen):
        raise refused("Kolom tanggal, keterangan, dan debit/kredit belum lengkap dicocokkan.")
    reader = _Reader(table, chosen)
    lines = reader.lines()
    if lines and lines[0].day > lines[-1].day:
        lines.reverse()
    number = re.sub(r"\D", "", table.facts["account"].at(1)) if "account" in table.facts else ""
    if not (number or account):
        raise refused("Nomor rekening tidak tertulis di berkas. Isi nomor rekeningnya.")
    opening, closing = reader.balances(lines)
    opens_on, closes_on = reader.period(lines)
    return prove(Statement(number or account, opens_on, closes_on, opening, closing, tuple(lines)))


class _Reader:
    """One table with its columns and the spelling of its amounts."""

    def __init__(self, table: Table, columns: Columns) -> None:
        self._table = table
        self._columns = columns
        self._style = style_of(self._amount_texts())
        currency = table.facts.get("currency")
        if currency is not None and currency.at(1).upper() not in _RUPIAH:
            raise StatementRefused(
                [Fault(currency.no, "mata uang bukan rupiah; hanya rekening IDR yang diterima.")]
            )

    def lines(self) -> list[Line]:
        """Read every row, or name all that cannot be read."""
        lines, faults = [], []
        for row in self._table.rows:
            try:
                lines.append(self._line(row))
            except ValueError as unclear:
                faults.append(Fault(row.no, str(unclear)))
        if faults:
            raise StatementRefused(faults[:FAULTS_MAX])
        return lines

    def balances(self, lines: Sequence[Line]) -> tuple[Rupiah, Rupiah]:
        """Give opening and closing as written, else as the running balances tell."""
        opening, closing = self._fact("opening"), self._fact("closing")
        first = lines[0].balance if lines else None
        last = lines[-1].balance if lines else None
        if opening is None and first is not None:
            opening = first - lines[0].amount
        closing = closing if closing is not None else last
        if opening is None or closing is None:
            raise refused(
                "Saldo awal dan saldo akhir tidak ada, jadi mutasi tidak dapat dibuktikan."
            )
        return opening, closing

    def period(self, lines: Sequence[Line]) -> tuple[date, date]:
        """Give the days as written, else those of the lines."""
        row = self._table.facts.get("period")
        if row is not None:
            days = [day_of(part)[0] for part in _DAY.finditer(" ".join(row.cells[1:]))]
            if len(days) != 2:
                raise StatementRefused([Fault(row.no, "periode tidak terbaca.")])
            return days[0], days[1]
        if not lines:
            raise refused("Berkas tidak memuat periode maupun mutasi.")
        return lines[0].day, lines[-1].day

    def _line(self, row: Cells) -> Line:
        if any(cell.strip() for cell in row.cells[len(self._table.head.words) :]):
            raise ValueError("jumlah kolomnya lebih banyak daripada judul kolom.")
        day, at = _day(row.at(self._columns.get(Role.DAY)))
        value = row.at(self._columns.get(Role.VALUE_DAY))
        balance = row.at(self._columns.get(Role.BALANCE))
        return Line(
            no=row.no,
            day=day,
            value_day=_day(value)[0] if value else day,
            amount=self._signed(row),
            reference=" ".join(row.at(self._columns.get(Role.REFERENCE)).split()),
            description=" ".join(row.at(self._columns.get(Role.DESCRIPTION)).split()),
            balance=rupiah(balance, self._style) if balance else None,
            at=at,
        )

    def _signed(self, row: Cells) -> Rupiah:
        if Role.AMOUNT in self._columns and Role.DEBIT not in self._columns:
            amount = rupiah(row.at(self._columns[Role.AMOUNT]), self._style)
        else:
            debit = self._part(row, Role.DEBIT)
            credit = self._part(row, Role.CREDIT)
            if debit and credit:
                raise AmountUnclear("debit dan kredit terisi dua-duanya.")
            amount = credit - debit
        if not amount:
            raise AmountUnclear("jumlahnya kosong atau nol.")
        return amount

    def _part(self, row: Cells, role: Role) -> Rupiah:
        text = row.at(self._columns[role])
        amount = rupiah(text, self._style) if text else Rupiah(0)
        if amount < Rupiah(0):
            raise AmountUnclear(f"“{text}” bertanda minus.")
        return amount

    def _fact(self, name: str) -> Rupiah | None:
        row = self._table.facts.get(name)
        if row is None:
            return None
        try:
            return rupiah(row.at(1), self._style)
        except AmountUnclear as unclear:
            raise StatementRefused([Fault(row.no, str(unclear))]) from unclear

    def _amount_texts(self) -> Iterator[str]:
        for name in ("opening", "closing"):
            if name in self._table.facts:
                yield self._table.facts[name].at(1)
        roles = (Role.DEBIT, Role.CREDIT, Role.AMOUNT, Role.BALANCE)
        places = [self._columns[role] for role in roles if role in self._columns]
        for row in self._table.rows:
            yield from (row.at(place) for place in places)


def _day(text: str) -> tuple[date, time | None]:
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text[:30]}” bukan tanggal (tulis hari/bulan/tahun).")
    return day_of(match)


def day_of(match: re.Match[str]) -> tuple[date, time | None]:
    """Read a date, day first, and the time behind it."""
    year = int(match["y"] or match["iy"])
    month, day = int(match["m"] or match["im"]), int(match["d"] or match["id"])
    try:
        read = date(year + 2000 if year < 100 else year, month, day)
        return read, _clock(match["time"]) if match["time"] else None
    except ValueError:
        raise ValueError(f"tanggal “{match[0]}” tidak ada.") from None


def _clock(text: str) -> time:
    hour, minute, second = [int(part) for part in re.split(r"[:.]", f"{text}:00")][:3]
    return time(hour, minute, second)


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
