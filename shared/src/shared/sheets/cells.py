"""What a column holds, and text that a spreadsheet must not take for anything else (B6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

Value = object
Row = Mapping[str, Value]

_SIGNS = frozenset("=+-@")
_BREAKS = frozenset("\t\r\n\x00")
_DIGITS_EXACT = 15
"""A spreadsheet keeps fifteen digits of a number; the sixteenth becomes a zero."""


class Kind(StrEnum):
    """How a cell is typed."""

    TEXT = "text"
    MONEY = "money"
    COUNT = "count"
    TENTHS = "tenths"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    Attributes:
        key: its name in the API, and of the value in a row.
        words: what is written for a state, so that no raw one is ever shown.
        summed: whether a total stands below it.
        asked: left out unless somebody names it, because it is personal or rarely wanted.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    width: int = 14
    words: Mapping[str, str] = field(default_factory=dict)
    summed: bool = False
    asked: bool = False

    def value(self, row: Row) -> Value:
        """Give the cell of a row; a state in words, an unknown one as such."""
        found = row[self.key]
        if self.words and found is not None:
            return self.words.get(str(found), "Lainnya")
        return found


def guarded(text: str) -> str:
    """Put an apostrophe before text that a program could run as a formula (B6).

    Looks behind blanks and invisible signs, and at full-width forms, because some programs drop
    the former and fold the latter.
    """
    return f"'{text}" if _starts_badly(text) else text


def guarded_for_csv(text: str) -> str:
    """The same, and for digits that a program would read as a number and cut short."""
    plain = text.isdecimal() and (len(text) > _DIGITS_EXACT or (text[:1] == "0" and len(text) > 1))
    return f"'{text}" if plain else guarded(text)


def _starts_badly(text: str) -> bool:
    if text[:1] in _BREAKS and text:
        return True
    for sign in text:
        if sign.isspace() or unicodedata.category(sign) in {"Cf", "Cc"}:
            continue
        return unicodedata.normalize("NFKC", sign)[:1] in _SIGNS
    return False
