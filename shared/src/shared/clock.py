"""The one place that asks the time (T1, T4): aware UTC instants and WIB business days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")


class Clock(Protocol):
    """What tells the time to everything that is not the domain."""

    def now(self) -> datetime:
        """Give the present instant, aware, in UTC."""
        ...

    def today(self) -> date:
        """Give the present business day in Asia/Jakarta."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def today(self) -> date:
        return business_day(self.now())


class ShiftedClock:
    """A clock that runs at normal speed but can be moved; the demo and the tests use it."""

    def __init__(self, start: datetime | None = None) -> None:
        self._offset = timedelta()
        if start is not None:
            self.move_to(start)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def today(self) -> date:
        return business_day(self.now())

    def move_to(self, instant: datetime) -> None:
        """Make ``instant`` (aware) the present moment."""
        self._offset = aware(instant) - datetime.now(UTC)

    def reset(self) -> None:
        """Go back to the machine's own time."""
        self._offset = timedelta()


class FrozenClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, instant: datetime) -> None:
        self._instant = aware(instant)

    def now(self) -> datetime:
        return self._instant

    def today(self) -> date:
        return business_day(self._instant)

    def move_to(self, instant: datetime) -> None:
        self._instant = aware(instant)

    def advance(self, by: timedelta) -> None:
        self._instant += by


def aware(instant: datetime) -> datetime:
    """Return the instant in UTC; a naive datetime is a bug (T1).

    Raises:
        ValueError: the datetime carries no offset.
    """
    if instant.tzinfo is None:
        raise ValueError(f"naive datetime {instant!r}")
    return instant.astimezone(UTC)


def business_day(instant: datetime) -> date:
    """Give the WIB day in which an instant falls (T2)."""
    return aware(instant).astimezone(WIB).date()


def start_of_day(day: date) -> datetime:
    """Give the first instant of a WIB business day, in UTC."""
    return datetime.combine(day, time.min, tzinfo=WIB).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """Give the last second of a WIB business day, in UTC."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=WIB).astimezone(UTC)
