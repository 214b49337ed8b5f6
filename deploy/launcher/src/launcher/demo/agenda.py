"""What is still to happen in the demo's story, in order of time."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from launcher.demo.story import Purchase

Json = dict[str, Any]


@dataclass(frozen=True)
class Meeting:
    """A customer comes in for the first time."""

    purchase: Purchase


@dataclass(frozen=True)
class Bill:
    """A line of a plan is billed."""

    purchase: Purchase
    plan_id: str
    line_no: int
    due_on: date


@dataclass(frozen=True)
class Payment:
    """A customer pays a bill at the bank."""

    purchase: Purchase
    invoice_id: str
    amount_idr: int
    paid_at: datetime


Act = Meeting | Bill | Payment


@dataclass
class Agenda:
    """Acts with their instants."""

    _entries: list[tuple[datetime, int, Act]] = field(default_factory=list)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def add(self, moment: datetime, act: Act) -> None:
        """Plan an act."""
        heapq.heappush(self._entries, (moment, next(self._numbers), act))

    def take(self, until: datetime) -> list[Act]:
        """Give what happens up to an instant, in order."""
        acts = []
        while self._entries and self._entries[0][0] <= until:
            acts.append(heapq.heappop(self._entries)[2])
        return acts

    @property
    def next_at(self) -> datetime | None:
        """Give when the next act is due."""
        return self._entries[0][0] if self._entries else None
