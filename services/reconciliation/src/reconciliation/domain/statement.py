"""A bank statement and its proof: opening plus lines is closing, or it is refused by line."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time

from shared.errors import Invalid
from shared.money import Rupiah

LineKey = tuple[str, int]
"""What tells a line of an account from all others: its fingerprint and its ordinal."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line of a file; line 0 is the file as a whole."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"Baris {self.line}: {self.reason}" if self.line else self.reason


class StatementRefused(Invalid):
    """A file that cannot be trusted as a whole; nothing of it is kept."""

    detail = (
        "Berkas mutasi ditolak. {first} Tidak ada baris yang disimpan dan tidak ada uang yang"
        " berubah. Perbaiki atau unduh ulang berkas dari bank, lalu unggah lagi."
    )

    def __init__(self, faults: Sequence[Fault]) -> None:
        named = [
            {"field": f"line {f.line}" if f.line else "file", "message": f.reason} for f in faults
        ]
        super().__init__(first=str(faults[0]), errors=named)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Line:
    """One row that the bank printed; a credit is positive, a debit negative.

    Attributes:
        no: the line of the file it stands on.
        ordinal: which of the identical lines of that day it is, from 0.
        balance: the running balance behind it, where the file has one.
        at: the time of day, where the file has one.
    """

    no: int
    day: date
    value_day: date
    amount: Rupiah
    reference: str
    description: str
    ordinal: int = 0
    balance: Rupiah | None = field(default=None, compare=False)
    at: time | None = field(default=None, compare=False)

    @property
    def fingerprint(self) -> str:
        """The same for the same row in any format: blanks and case do not count."""
        text = "".join(unicodedata.normalize("NFKC", self.description).split()).upper()
        facts = (self.day.isoformat(), str(self.amount.amount), self.reference.upper(), text)
        return hashlib.sha256("\x1f".join(facts).encode()).hexdigest()

    @property
    def key(self) -> LineKey:
        return self.fingerprint, self.ordinal


@dataclass(frozen=True, slots=True)
class Statement:
    """What one file says about one account; both days are included.

    Attributes:
        opening_is_told: the file or a person says it. Otherwise it follows from the first line, and
            proves nothing about that line: what is known of the account before it has to.
    """

    account: str
    opens_on: date
    closes_on: date
    opening: Rupiah
    closing: Rupiah
    lines: tuple[Line, ...]
    opening_is_told: bool = True

    @property
    def credits(self) -> Rupiah:
        return _sum(line.amount for line in self.lines if line.amount > Rupiah(0))

    @property
    def debits(self) -> Rupiah:
        return _sum(line.amount for line in self.lines if line.amount < Rupiah(0))


def numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Count identical lines of a day: two equal transfers are two."""
    seen: Counter[str] = Counter()
    counted = []
    for line in lines:
        counted.append(replace(line, ordinal=seen[line.fingerprint]))
        seen[line.fingerprint] += 1
    return tuple(counted)


def prove(statement: Statement) -> Statement:
    """Give the statement back, its lines counted.

    Raises:
        StatementRefused: balances do not follow from the lines, or a line is outside the period.
    """
    if statement.opens_on > statement.closes_on:
        raise StatementRefused([Fault(0, "Periode berakhir sebelum dimulai.")])
    balance = statement.opening
    for line in statement.lines:
        balance += line.amount
        _check_line(statement, line, balance)
    if balance != statement.closing:
        last = statement.lines[-1].no if statement.lines else 0
        reason = (
            f"saldo awal {statement.opening} ditambah semua mutasi menjadi {balance},"
            f" tetapi saldo akhir tertulis {statement.closing}."
        )
        raise StatementRefused([Fault(last, reason)])
    return replace(statement, lines=numbered(statement.lines))


def _check_line(statement: Statement, line: Line, balance: Rupiah) -> None:
    if not statement.opens_on <= line.day <= statement.closes_on:
        raise StatementRefused(
            [Fault(line.no, f"tanggal {line.day:%d/%m/%Y} di luar periode mutasi.")]
        )
    if line.balance is not None and line.balance != balance:
        reason = f"saldo seharusnya {balance}, tetapi tertulis {line.balance}."
        raise StatementRefused([Fault(line.no, reason)])


def _sum(amounts: Iterable[Rupiah]) -> Rupiah:
    return sum(amounts, Rupiah(0))
