"""What the statements of bank accounts print as balances, day by day (ADR-0026, ADR-0031)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hold:
    """One statement, and the days that it holds whole (ADR-0026)."""

    account: str
    opens_on: date
    holds_until: date
    opening_idr: int


@dataclass(frozen=True)
class Passbook:
    """What the statements of all expected accounts print, day by day.

    Where several hold a day, the one that was imported last is believed.

    Attributes:
        holds: in the order in which they were imported.
        moved: the sum of all known lines by account and day, from ``reaches`` on.
    """

    accounts: Sequence[str]
    holds: Sequence[Hold]
    moved: Mapping[tuple[str, date], int] = field(default_factory=dict)

    def covers(self, day: date) -> bool:
        """Tell whether every account has a statement that holds the day whole."""
        return bool(self.accounts) and all((name, day) in self._chosen for name in self.accounts)

    def since(self, day: date) -> date:
        """Give the first of the covered days that lead to this one without a gap."""
        while self.covers(day - DAY):
            day -= DAY
        return day

    def reaches(self, first: date, last: date) -> date:
        """Give the first day whose lines are needed to tell the balances of a period."""
        asked = {first - DAY, last, *(self.since(day) for day in (first, last))}
        asked |= {first + DAY * n for n in range((last - first).days)}
        told = [self._chosen.get((name, day)) for name in self.accounts for day in asked]
        return min((each.opens_on for each in told if each), default=first)

    def opening(self, day: date) -> int:
        """Give what the statements of a covered day print as its opening balance."""
        return sum(self._at(name, day, day - DAY) for name in self.accounts)

    def closing(self, day: date) -> int:
        """Give what the statements of a covered day print as its closing balance."""
        return sum(self._at(name, day, day) for name in self.accounts)

    def before(self, day: date) -> int:
        """Give the balance with which a covered day has to begin."""
        return self.closing(day - DAY) if self.covers(day - DAY) else self.opening(day)

    def _at(self, account: str, day: date, until: date) -> int:
        told = self._chosen[account, day]
        moved = self._moved_to(account, until) - self._moved_to(account, told.opens_on - DAY)
        return told.opening_idr + moved

    def _moved_to(self, account: str, day: date) -> int:
        days, sums = self._sums.get(account, ([], [0]))
        return sums[bisect_right(days, day)]

    @cached_property
    def _sums(self) -> dict[str, tuple[list[date], list[int]]]:
        days: dict[str, list[date]] = {}
        for account, day in sorted(self.moved):
            days.setdefault(account, []).append(day)
        return {
            name: (found, list(accumulate((self.moved[name, day] for day in found), initial=0)))
            for name, found in days.items()
        }

    @cached_property
    def _chosen(self) -> dict[tuple[str, date], Hold]:
        return {
            (each.account, each.opens_on + DAY * n): each
            for each in self.holds
            for n in range((each.holds_until - each.opens_on).days + 1)
        }
