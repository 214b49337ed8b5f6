"""How much we ask of the bank: so many calls a second, so many questions an hour."""

from dataclasses import dataclass
from datetime import datetime, timedelta

_CLOCKS_DIFFER = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Pace:
    """One call per ``gap`` in the long run; ``at_once`` of them may come together.

    Its state is one instant, ``free_at``: when all that was taken has been earned back.
    """

    gap: timedelta
    at_once: int = 1

    @classmethod
    def per_second(cls, calls: float) -> "Pace":
        return cls(timedelta(seconds=1 / calls))

    @classmethod
    def per_hour(cls, calls: int) -> "Pace":
        """At most so many in any hour, wherever it begins; a tenth of them at once."""
        at_once = max(1, calls // 10)
        return cls(_HOUR / (calls - at_once + 1) + timedelta.resolution, at_once)

    def start(self, free_at: datetime, now: datetime) -> datetime:
        """Say when the next call may leave."""
        return max(now, self._sane(free_at, now) - self.gap * (self.at_once - 1))

    def after(self, start: datetime, free_at: datetime, now: datetime) -> datetime:
        """Give the new ``free_at`` once a call was promised to leave at ``start``."""
        return max(self._sane(free_at, now), start) + self.gap

    def _sane(self, free_at: datetime, now: datetime) -> datetime:
        """Forget what a clock that was set back since then would have us wait for."""
        return free_at if free_at <= now + self.gap * self.at_once + _CLOCKS_DIFFER else now


@dataclass(frozen=True, slots=True)
class Limits:
    """What we grant ourselves, all workers of all processes together (R2).

    Attributes:
        calls: every call to the bank.
        questions: inquiries about any billing; the bank answers 996 above a number it keeps secret.
        questions_of_one: inquiries about the same billing.
    """

    calls: Pace
    questions: Pace
    questions_of_one: Pace


def questions_of_one(gap: timedelta) -> Pace:
    """One question per gap (protocol, section 10), as R2 spaces them: 0, 1, 5, 15, 60 minutes."""
    return Pace(gap, at_once=3)
