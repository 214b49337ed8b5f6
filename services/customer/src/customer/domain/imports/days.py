"""Days as people write them: the day first, as everybody here does (A44).

``03/04/2026`` is 3 April. But where one date of a file can only have its month first
(``12/31/2026``), the others of it may as well: then every open one is refused, with what the file
seems to mean as its repair.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_NUMBERS = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?: 00:00:00)?")
_WORDS = re.compile(r"([0-9]{1,2}) ([a-z]{3,9})\.? ([0-9]{4})", re.I)
_MONTHS = ("jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des")
_OTHERS = {"may": "mei", "aug": "agu", "agt": "agu", "oct": "okt", "dec": "des", "nop": "nov"}


class DayUnclear(ValueError):
    """A text that is no day, or could be two."""

    def __init__(self, reason: str, proposal: str = "") -> None:
        super().__init__(reason)
        self.proposal = proposal


def shows_month_first(texts: Iterable[str]) -> bool:
    """Tell whether a date of a file can only have its month first."""
    matches = filter(None, map(_NUMBERS.fullmatch, texts))
    return any(int(m[1]) <= 12 < int(m[2]) <= 31 for m in matches)


def read_day(text: str, *, month_first: bool) -> date:
    """Read one day.

    Args:
        month_first: another date of the file has its month first.

    Raises:
        DayUnclear: it is none, there is no such day, or it could be two.
    """
    spelled = " ".join(text.split())
    if match := _ISO.fullmatch(spelled):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _WORDS.fullmatch(spelled):
        word = match[2][:3].lower()
        word = _OTHERS.get(word, word)
        if word in _MONTHS:
            return _day(int(match[3]), _MONTHS.index(word) + 1, int(match[1]))
    if match := _NUMBERS.fullmatch(spelled):
        return _of_numbers(match, month_first=month_first)
    raise DayUnclear("Bukan tanggal. Tulis hari/bulan/tahun, misalnya 10/12/2026.")


def _of_numbers(match: re.Match[str], *, month_first: bool) -> date:
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if year < 100:
        proposal = f"{first}/{second}/{year + 2000}"
        raise DayUnclear("Tulis tahun dengan empat angka.", proposal)
    if first <= 12 < second:
        reason = "Bulan tampaknya ditulis dahulu. Tulis hari/bulan/tahun."
        raise DayUnclear(reason, f"{second}/{first}/{year}")
    if month_first and first <= 12 and first != second:
        reason = "Tanggal lain di berkas ini menulis bulan dahulu, jadi tanggal ini dapat dua arti."
        raise DayUnclear(reason, f"{year}-{first:02}-{second:02}")
    return _day(year, second, first)


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise DayUnclear("Tanggal ini tidak ada di kalender.") from None
