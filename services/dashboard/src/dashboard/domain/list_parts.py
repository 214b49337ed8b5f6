"""What lists are made of: conditions, columns, what can be done with rows, kept lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dashboard.domain import wording

_IDENTITY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Filter:
    """One condition of a list.

    Attributes:
        name: in the address, and for the service that is asked.
        choices: value and word of each; without them it is a day, or ``somebody``.
        inline: it stands beside the search box on a wide screen, not behind *Filter lain*.
    """

    name: str
    word: str
    choices: tuple[tuple[str, str], ...] = ()
    inline: bool = False
    somebody: bool = False

    def spelled(self, value: str) -> str:
        """Say a value in words; empty when it is none of this filter's."""
        if self.choices:
            return dict(self.choices).get(value, "")
        if self.somebody:
            return "dipilih" if _IDENTITY.fullmatch(value) else ""
        try:
            return wording.day(date.fromisoformat(value))
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table.

    Attributes:
        classes: of its cells; ``at-…`` names the place on a phone's card.
        sort: by what its head sorts.
        falls: the first press sorts from the highest.
        fixed: it cannot be left out.
        extra: it is shown only when chosen.
    """

    key: str
    title: str
    classes: str = ""
    sort: str = ""
    falls: bool = False
    fixed: bool = False
    extra: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done with many rows; ``path`` is sent their ids."""

    key: str
    word: str
    icon: str
    permission: str
    path: str


@dataclass(frozen=True, slots=True)
class Chip:
    """One active condition, and the address without it."""

    word: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where a press leads, and how it is sorted now."""

    column: Column
    address: str
    state: str


@dataclass(frozen=True, slots=True)
class Saved:
    """A list that somebody kept, as a tab."""

    id: str
    name: str
    address: str
    may_rename: bool
    may_forget: bool
    shared: bool


def days(since: str, until: str, word: str) -> tuple[Filter, Filter]:
    """Make the two ends of a span of days, both included."""
    return Filter(since, f"{word} dari"), Filter(until, f"{word} sampai")
