"""Tables of BNI Direct and the like: facts of the account, a head, rows, a closing balance.

The assumed layout is written in ``docs/statements.md``. Separators are ``;`` or ``,``; dates and
amounts are spelled as ``parsers.dates`` and ``shared.sheets.rupiah`` read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from reconciliation.domain.statement import Fault, Line, Statement, StatementRefused, prove
from reconciliation.parsers.account import AccountUnclear, account_number
from reconciliation.parsers.columns import Columns, Role, is_complete
from reconciliation.parsers.dates import Order, days_in, find_order, open_dates, read_moment
from reconciliation.parsers.direction import directed
from reconciliation.parsers.table import Cells, Table
from reconciliation.parsers.text import refused
from shared.money import Rupiah
from shared.sheets.rupiah import AmountUnclear, rupiah, style_of

FAULTS_MAX = 50
_RUPIAH = {"", "IDR", "RP", "RUPIAH"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said of a table, now or at an earlier file; the file itself tells the rest."""

    columns: Columns = field(default_factory=dict)
    account: str = ""
    opening: Rupiah | None = None
    order: Order | None = None


def parse(table: Table, said: Said) -> Statement:
    """Read a table by its columns, guessed where none are said.

    Raises:
        StatementRefused: with every row that cannot be read, or where the balances break.
    """
    chosen = dict(said.columns or table.guessed)
    if not is_complete(chosen):
        raise refused("Kolom tanggal, keterangan, dan debit/kredit belum lengkap dicocokkan.")
    _check_directions(table, chosen)
    reader = _Reader(table, chosen, said.order)
    lines = reader.lines()
    days = [line.day for line in lines]
    if days and days[0] > days[-1]:
        return reader.prove(lines[::-1], said)
    try:
        return reader.prove(lines, said)
    except StatementRefused as refusal:
        if len(set(days)) != 1:
            raise
        return _proved_backwards(reader, lines, said, refusal)


def _proved_backwards(
    reader: _Reader, lines: Sequence[Line], said: Said, refusal: StatementRefused
) -> Statement:
    """Prove one day that is printed newest first; what is wrong is told of the order as printed."""
    try:
        return reader.prove(lines[::-1], said)
    except StatementRefused:
        raise refusal from None


def _check_directions(table: Table, columns: Columns) -> None:
    """Refuse amounts whose direction stands beside them, unread."""
    if Role.DEBIT in columns or Role.DIRECTION in columns or not table.directions:
        return
    if any(
        row.at(columns[Role.AMOUNT]).lstrip("(").startswith(("-", "\u2212")) for row in table.rows
    ):
        return
    heading = table.head.words[table.directions[0]]
    raise refused(
        f"Kolom “{heading}” berisi arah uang (D/K) tetapi belum dicocokkan, jadi uang keluar akan"
        " terbaca sebagai uang masuk. Cocokkan kolom itu sebagai arah."
    )


def _balances(
    lines: Sequence[Line], opening: Rupiah | None, closing: Rupiah | None
) -> tuple[Rupiah, Rupiah]:
    """Give opening and closing as told, else as the running balances have them."""
    if opening is None and lines and lines[0].balance is not None:
        opening = lines[0].balance - lines[0].amount
    if closing is None and lines:
        closing = lines[-1].balance
    if opening is None:
        raise refused("Saldo awal tidak tertulis di berkas. Isi saldo awalnya.")
    if closing is None:
        raise refused("Saldo akhir tidak ada, jadi mutasi tidak dapat dibuktikan.")
    return opening, closing


class _Reader:
    """One table with its columns and the spelling of its amounts and dates."""

    def __init__(self, table: Table, columns: Columns, order: Order | None) -> None:
        self._table = table
        self._columns = columns
        self._style = style_of(self._amount_texts())
        self._order = self._find_order(order)
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

    def prove(self, lines: Sequence[Line], said: Said) -> Statement:
        """Prove lines in the order in which they happened."""
        told = self.opening(said.opening)
        opening, closing = _balances(lines, told, self.closing)
        opens_on, closes_on = self.period(lines)
        return prove(
            Statement(
                self.account(said.account),
                opens_on,
                closes_on,
                opening,
                closing,
                tuple(lines),
                opening_is_told=told is not None,
            )
        )

    def opening(self, said: Rupiah | None) -> Rupiah | None:
        """Give the opening as written, else as a person said it."""
        written = self._fact("opening")
        if said is not None and written not in {None, said}:
            no = self._table.facts["opening"].no
            raise StatementRefused([Fault(no, f"saldo awal yang diisi, {said}, bukan {written}.")])
        return said if written is None else written

    def account(self, said: str) -> str:
        """Give the number as written, else as a person said it."""
        row = self._table.facts.get("account")
        faults = []
        for no, text in [(row.no, row.at(1)) if row else (0, ""), (0, said)]:
            try:
                return account_number(text)
            except AccountUnclear as unclear:
                faults += [Fault(no, f"rekening {unclear}")] if text else []
        raise StatementRefused(
            faults or [Fault(0, "Nomor rekening tidak tertulis di berkas. Isi nomor rekeningnya.")]
        )

    @property
    def closing(self) -> Rupiah | None:
        return self._fact("closing")

    def period(self, lines: Sequence[Line]) -> tuple[date, date]:
        """Give the days as written, else those of the lines."""
        row = self._table.facts.get("period")
        if row is not None:
            try:
                first, last = days_in(self._period_text, self._order)
            except ValueError:
                raise StatementRefused([Fault(row.no, "periode tidak terbaca.")]) from None
            return first, last
        if not lines:
            raise refused("Berkas tidak memuat periode maupun mutasi.")
        return lines[0].day, lines[-1].day

    def _line(self, row: Cells) -> Line:
        if any(cell.strip() for cell in row.cells[len(self._table.head.words) :]):
            raise ValueError("jumlah kolomnya lebih banyak daripada judul kolom.")
        day, at = read_moment(row.at(self._columns.get(Role.DAY)), self._order)
        value = row.at(self._columns.get(Role.VALUE_DAY))
        balance = row.at(self._columns.get(Role.BALANCE))
        return Line(
            no=row.no,
            day=day,
            value_day=read_moment(value, self._order)[0] if value else day,
            amount=self._signed(row),
            reference=" ".join(row.at(self._columns.get(Role.REFERENCE)).split()),
            description=" ".join(row.at(self._columns.get(Role.DESCRIPTION)).split()),
            balance=rupiah(balance, self._style) if balance else None,
            at=at,
        )

    def _signed(self, row: Cells) -> Rupiah:
        if Role.DEBIT not in self._columns:
            amount = rupiah(row.at(self._columns[Role.AMOUNT]), self._style)
            if Role.DIRECTION in self._columns:
                amount = directed(amount, row.at(self._columns[Role.DIRECTION]))
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

    @property
    def _period_text(self) -> str:
        row = self._table.facts.get("period")
        return " ".join(row.cells[1:]) if row else ""

    def _find_order(self, said: Order | None) -> Order:
        days, values = [
            [row.at(self._columns.get(role)) for row in self._table.rows]
            for role in (Role.DAY, Role.VALUE_DAY)
        ]
        order = find_order(days, values, self._period_text) or said
        if order is not None:
            return order
        text = next(open_dates(days), "") or self._period_text
        raise refused(
            f"Tanggal “{text[:30]}” dapat dibaca dua cara, hari dulu atau bulan dulu, dan tidak ada"
            " yang menunjukkan urutannya di berkas ini. Pilih urutan tanggalnya."
        )

    def _amount_texts(self) -> Iterator[str]:
        for name in ("opening", "closing"):
            if name in self._table.facts:
                yield self._table.facts[name].at(1)
        roles = (Role.DEBIT, Role.CREDIT, Role.AMOUNT, Role.BALANCE)
        places = [self._columns[role] for role in roles if role in self._columns]
        for row in self._table.rows:
            yield from (row.at(place) for place in places)
