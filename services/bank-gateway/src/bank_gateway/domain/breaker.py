"""Mercy for a bank in trouble: a circuit breaker (R1) and a pace. Both are told the time."""

from datetime import datetime, timedelta

FAILURES_MAX = 10
HALF_OPEN_AFTER = timedelta(seconds=30)


class CircuitBreaker:
    """Opens after ten failures in a row; then lets one call through each thirty seconds."""

    def __init__(self) -> None:
        self._failures = 0
        self._probe_at: datetime | None = None

    def closed_until(self, now: datetime) -> datetime | None:
        """Say from when on a call may be tried; None: now. A clock set back stops nobody."""
        probe_at = self._probe_at
        if probe_at is None or not now < probe_at <= now + HALF_OPEN_AFTER:
            return None
        return probe_at

    def begin(self, now: datetime) -> None:
        """A call leaves; while open it is the probe, and the next one waits for its turn."""
        if self._probe_at is not None:
            self._probe_at = now + HALF_OPEN_AFTER

    def record_failure(self, now: datetime) -> None:
        self._failures += 1
        if self._failures >= FAILURES_MAX:
            self._probe_at = now + HALF_OPEN_AFTER

    def record_success(self) -> bool:
        """Close; True when calls had been failing before, so that waiting work is woken."""
        recovered = self._failures > 0
        self._failures, self._probe_at = 0, None
        return recovered


class Pace:
    """At most so many calls a second: hands out slots, evenly spaced."""

    def __init__(self, per_second: float) -> None:
        self._gap = timedelta(seconds=1 / per_second)
        self._next: datetime | None = None

    def slot(self, now: datetime) -> timedelta:
        """Take the next slot and give the time to wait for it.

        A clock that was set back hands out a slot at once instead of waiting for the past.
        """
        if self._next is None or not now - self._gap <= self._next <= now + timedelta(minutes=1):
            self._next = now
        start = max(self._next, now)
        self._next = start + self._gap
        return start - now
