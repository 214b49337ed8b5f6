"""Which column of a table means what: guessed by the words of its head, or said by a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a column holds.

    Money is in two columns (debit and credit), or in one: signed, or with its direction in another.
    """

    DAY = "day"
    VALUE_DAY = "value_day"
    REFERENCE = "reference"
    DESCRIPTION = "description"
    DEBIT = "debit"
    CREDIT = "credit"
    AMOUNT = "amount"
    DIRECTION = "direction"
    BALANCE = "balance"


_WORDS: dict[Role, tuple[str, ...]] = {
    Role.VALUE_DAY: ("value date", "tanggal valuta", "tgl valuta", "valuta", "effective date"),
    Role.DAY: (
        "post date",
        "posting date",
        "transaction date",
        "tanggal transaksi",
        "tgl transaksi",
        "tanggal",
        "tgl",
        "date",
    ),
    Role.REFERENCE: (
        "journal no",
        "no jurnal",
        "jurnal",
        "journal",
        "no referensi",
        "referensi",
        "reference",
        "ref no",
        "ref",
    ),
    Role.DESCRIPTION: (
        "description",
        "keterangan",
        "uraian",
        "deskripsi",
        "berita",
        "remark",
        "remarks",
    ),
    Role.DIRECTION: (
        "d k",
        "dk",
        "d c",
        "dc",
        "db cr",
        "dbcr",
        "dr cr",
        "db kr",
        "debit kredit",
        "debet kredit",
        "debit credit",
    ),
    Role.DEBIT: ("debit", "debet", "keluar", "debit amount"),
    Role.CREDIT: ("credit", "kredit", "masuk", "credit amount"),
    Role.AMOUNT: ("amount", "jumlah", "nominal", "mutasi"),
    Role.BALANCE: ("balance", "saldo", "running balance", "saldo akhir"),
}
Columns = Mapping[Role, int]


@dataclass(frozen=True, slots=True)
class Head:
    """The row that names the columns, and its place in the file."""

    at: int
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        """The same for every file of one source."""
        return "|".join(self.words)


def plain(word: str) -> str:
    """Spell a heading or label without case, points and double blanks."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", word.lower()).split())


def guess(words: Sequence[str]) -> dict[Role, int]:
    """Guess the columns; each column means one thing at most, the most telling word first."""
    found: dict[Role, int] = {}
    for role, names in _WORDS.items():
        places = [words.index(name) for name in names if name in words]
        free = [place for place in places if place not in found.values()]
        if free:
            found[role] = free[0]
    return found


def is_complete(columns: Columns) -> bool:
    """Tell whether lines can be read: a day, a text, and money in one way, not half of one."""
    sides = {Role.DEBIT, Role.CREDIT} & columns.keys()
    money = len(sides) == 2 or (not sides and Role.AMOUNT in columns)
    return Role.DAY in columns and Role.DESCRIPTION in columns and money


def find_head(rows: Sequence[Sequence[str]], within: int = 40) -> Head | None:
    """Find the first row that names at least a day and money, or a day and a text."""
    for at, row in enumerate(rows[:within]):
        words = tuple(plain(cell) for cell in row)
        named = guess(words)
        if Role.DAY in named and len(named) >= 3:
            return Head(at, words)
    return None
