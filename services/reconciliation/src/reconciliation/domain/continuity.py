"""How the periods of statements join: named gaps, overlaps, broken balances, and days held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.money import Rupiah


@dataclass(frozen=True, slots=True)
class Period:
    """The days and balances of one statement; both days are included."""

    opens_on: date
    closes_on: date
    opening: Rupiah
    closing: Rupiah


def joints(period: Period, others: Sequence[Period]) -> list[str]:
    """Say how a period joins those before and behind it; a clean joint is not mentioned."""
    said = []
    earlier = [other for other in others if other.closes_on < period.opens_on]
    later = [other for other in others if other.opens_on > period.closes_on]
    if earlier:
        said += _joint(max(earlier, key=lambda other: other.closes_on), period)
    if later:
        said += _joint(period, min(later, key=lambda other: other.opens_on))
    if len(earlier) + len(later) < len(others):
        said.append("Periode ini bertumpang tindih dengan mutasi yang sudah diimpor.")
    return said


def covers(periods: Iterable[tuple[date, date]], first: date, last: date) -> bool:
    """Tell whether periods together hold every day from first to last, both included."""
    wanted = first
    for opens_on, closes_on in sorted(periods):
        if opens_on <= wanted <= closes_on:
            wanted = closes_on + timedelta(days=1)
    return wanted > last


def _joint(before: Period, after: Period) -> list[str]:
    if before.closing == after.opening:
        return []
    first, last = before.closes_on + timedelta(days=1), after.opens_on - timedelta(days=1)
    difference = f"saldo {before.closing} tidak menyambung dengan {after.opening}"
    if first <= last:
        return [f"Mutasi {_days(first, last)} belum diimpor: {difference}."]
    return [f"Antara {_days(before.closes_on, after.opens_on)} {difference}."]


def _days(first: date, last: date) -> str:
    return f"{first:%d/%m/%Y}" if first == last else f"{first:%d/%m/%Y} s.d. {last:%d/%m/%Y}"
