"""Mercy for a bank in trouble: the circuit breaker (R1). It is told the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILURES_MAX = 10
HALF_OPEN_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Breaker:
    """Opens after ten failures in a row; then lets one call through each thirty seconds.

    Attributes:
        failures: calls in a row that got no usable answer.
        probe_at: when the next call may be tried; None while it is closed.
    """

    failures: int = 0
    probe_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.probe_at is not None

    def waits_until(self, now: datetime) -> datetime | None:
        """Say from when on a call may be tried; None: now. A clock set back stops nobody."""
        if self.probe_at is None or not now < self.probe_at <= now + 2 * HALF_OPEN_AFTER:
            return None
        return self.probe_at

    def probing(self, leaves_at: datetime) -> "Breaker":
        """A call leaves although it is open: it is the probe, and the next one waits its turn."""
        return Breaker(self.failures, leaves_at + HALF_OPEN_AFTER)

    def failed(self, now: datetime) -> "Breaker":
        failures = self.failures + 1
        return Breaker(failures, now + HALF_OPEN_AFTER if failures >= FAILURES_MAX else None)
