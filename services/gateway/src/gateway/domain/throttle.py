"""How long somebody waits who keeps failing (W3): longer each time, never for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

QUIET = timedelta(hours=1)
"""After so long without a try the failures before are forgotten."""

FAMILIAR_FOR = timedelta(days=180)
"""So long a browser or an address from which somebody came in is known."""


class Subject(StrEnum):
    """Whose failures are counted.

    An account is counted over all strangers together, a source over all accounts. Where the
    person himself came in before is counted apart, so that no stranger makes him wait.
    """

    ACCOUNT = "account"
    SOURCE = "source"
    FAMILIAR = "familiar"
    CODE = "code"


@dataclass(frozen=True)
class Pace:
    """How many failures are free, and the longest wait after."""

    free: int
    longest: timedelta


PACES = {
    Subject.ACCOUNT: Pace(4, timedelta(minutes=5)),
    Subject.SOURCE: Pace(20, timedelta(minutes=5)),
    Subject.FAMILIAR: Pace(10, timedelta(minutes=1)),
    Subject.CODE: Pace(4, timedelta(minutes=15)),
}


def wait_after(subject: Subject, failures: int) -> timedelta:
    """Give the wait that follows so many failures: 2, 4, 8 seconds and on, up to the longest."""
    pace = PACES[subject]
    beyond = failures - pace.free
    if beyond <= 0:
        return timedelta()
    return min(timedelta(seconds=2.0 ** min(beyond, 20)), pace.longest)


def counted(failures: int, last_at: datetime, now: datetime) -> int:
    """Give the failures that still count after a time without any."""
    return 0 if now - last_at >= QUIET else failures


def seconds_until(moment: datetime, now: datetime) -> int:
    """Give whole seconds, rounded up, so that who waits them is not refused again."""
    return max(0, -((now - moment) // timedelta(seconds=1)))
