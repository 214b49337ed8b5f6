"""Reading the days of a table, whose order of day and month nobody promises.

``03/04/2026`` is two days. A file is looked at as a whole: one date that shows the order decides
for all; else its period may fit only one. Where nothing shows it, a person says it: no guessing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from enum import StrEnum
from itertools import pairwise


class Order(StrEnum):
    """Which number of a date comes first."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


_DAY = re.compile(
    r"(?:(?P<first>[0-9]{1,2})[/.-](?P<second>[0-9]{1,2})[/.-](?P<y>[0-9]{4}|[0-9]{2})"
    r"|(?P<iy>[0-9]{4})-(?P<im>[0-9]{2})-(?P<id>[0-9]{2}))"
    r"(?:[ T]+(?P<time>[0-9]{1,2}[:.][0-9]{2}(?:[:.][0-9]{2})?))?"
)


def read_moment(text: str, order: Order) -> tuple[date, time | None]:
    """Read a day, and the time behind it.

    Raises:
        ValueError: it is none, or there is no such day; the message says so in Indonesian.
    """
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text[:30]}” bukan tanggal (tulis hari/bulan/tahun).")
    return _moment(match, order)


def days_in(text: str, order: Order) -> list[date]:
    """Read every day that a text names.

    Raises:
        ValueError: there is no such day.
    """
    return [_moment(match, order)[0] for match in _DAY.finditer(text)]


def find_order(days: Sequence[str], others: Sequence[str], period: str) -> Order | None:
    """Tell in which order the dates of a file are written; None when nothing in it shows it.

    Args:
        days: the days of the lines, as they are printed.
        others: dates that need not lie in the period.
    """
    matches = [match for text in (*days, *others, period) for match in _DAY.finditer(text)]
    shown = next((order for match in matches if (order := _shown(match))), None)
    if shown is not None:
        return shown
    if not any(_is_open(match) for match in matches):
        return Order.DAY_FIRST
    for fits in (_lie_in, _are_in_turn):
        fitting = [order for order in Order if fits(days, period, order)]
        if len(fitting) == 1:
            return fitting[0]
    return None


def open_dates(texts: Iterable[str]) -> Iterator[str]:
    """Give the dates that could be two days."""
    for text in texts:
        match = _DAY.fullmatch(text)
        if match and _is_open(match):
            yield text


def _shown(match: re.Match[str]) -> Order | None:
    first, second = int(match["first"] or 1), int(match["second"] or 1)
    if first > 12 >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 >= first else None


def _is_open(match: re.Match[str]) -> bool:
    first, second = int(match["first"] or 1), int(match["second"] or 1)
    return first != second and max(first, second) <= 12


def _lie_in(texts: Sequence[str], period: str, order: Order) -> bool:
    """Tell whether days lie in their period, as far as it is given."""
    try:
        days = [day for text in texts for day in days_in(text, order)]
        bounds = days_in(period, order)
    except ValueError:
        return False
    if len(bounds) != 2:
        return True
    return bounds[0] <= bounds[1] and all(bounds[0] <= day <= bounds[1] for day in days)


def _are_in_turn(texts: Sequence[str], period: str, order: Order) -> bool:
    """Tell whether days follow one another, either way, and lie in their period."""
    if not _lie_in(texts, period, order):
        return False
    steps = list(pairwise(day for text in texts for day in days_in(text, order)))
    return all(a <= b for a, b in steps) or all(a >= b for a, b in steps)


def _moment(match: re.Match[str], order: Order) -> tuple[date, time | None]:
    year = int(match["y"] or match["iy"])
    if match["iy"]:
        month, day = int(match["im"]), int(match["id"])
    elif order is Order.DAY_FIRST:
        day, month = int(match["first"]), int(match["second"])
    else:
        month, day = int(match["first"]), int(match["second"])
    try:
        read = date(year + 2000 if year < 100 else year, month, day)
        return read, _clock(match["time"]) if match["time"] else None
    except ValueError:
        raise ValueError(f"tanggal “{match[0]}” tidak ada.") from None


def _clock(text: str) -> time:
    hour, minute, second = [int(part) for part in re.split(r"[:.]", f"{text}:00")][:3]
    return time(hour, minute, second)
