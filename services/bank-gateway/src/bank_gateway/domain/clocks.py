"""How far the bank's clock is from ours, by what its answers say of the time (T3).

In eCollection only answers with data carry the time; a bank that is beyond the window refuses
what we ask without any, and is seen as one that does not answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

BEARABLE_SECONDS = 240.0
"""Beyond it we are not ready: soon each side takes the other's messages for stale ones."""
_TELLING = timedelta(minutes=15)


@dataclass(slots=True)
class Clocks:
    """The last measurement.

    Attributes:
        seconds: how much the bank's clock is ahead of ours; negative when it is behind.
        at: when that was measured, by our clock.
    """

    seconds: float = 0.0
    at: datetime | None = None

    def learn(self, told: datetime, sent: datetime, received: datetime) -> None:
        """Take the time that an answer carries; it was written between the question and now.

        What lies in between is no difference, however slow the answer was.
        """
        early, late = told - received, told - sent
        nearest = max(early, min(timedelta(), late))
        self.seconds, self.at = nearest.total_seconds(), received

    def bearable(self, now: datetime) -> bool:
        """Tell whether messages can be told from stale ones; an old measurement says nothing."""
        if self.at is None or now - self.at > _TELLING:
            return True
        return abs(self.seconds) <= BEARABLE_SECONDS
