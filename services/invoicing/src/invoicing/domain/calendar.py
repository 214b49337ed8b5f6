"""Months as a contract counts them: an anchored day, clamped where a month is shorter."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from shared.errors import Invalid

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
_PERIOD = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])")


class PeriodNotValid(Invalid):
    """A billing period that is not a month."""

    detail = "Periode ditulis YYYY-MM, misalnya 2026-12."


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar month, half-open: from its first day up to the first day of the next."""

    year: int
    month: int

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """The first day that no longer belongs to it."""
        return months_after(self.first_day, 1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"


def period_from_text(text: str) -> Period:
    """Read ``2026-12``.

    Raises:
        PeriodNotValid: any other spelling.
    """
    match = _PERIOD.fullmatch(text)
    if match is None:
        raise PeriodNotValid(field="period")
    return Period(int(match[1]), int(match[2]))


def months_after(anchor: date, months: int) -> date:
    """Give the anchor's day that many months later; a shorter month gives its last day."""
    return in_month(anchor.year, anchor.month + months, anchor.day)


def in_month(year: int, month: int, day: int) -> date:
    """Give a day of a month, at most its last; ``month`` may run past 12."""
    years, index = divmod(month - 1, 12)
    year, month = year + years, index + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def first_due_day(starts_on: date, due_day: int) -> date:
    """Give the first due day on or after the start."""
    due_on = in_month(starts_on.year, starts_on.month, due_day)
    if due_on >= starts_on:
        return due_on
    return in_month(starts_on.year, starts_on.month + 1, due_day)


def month_label(day: date) -> str:
    """Name the month as people read it: ``Des 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"
