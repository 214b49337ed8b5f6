"""What carriers tell afterwards: what became of a message, and what a customer wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from notification.domain.delivery import State

_RANK = {
    State.QUEUED: 0,
    State.SENDING: 0,
    State.UNKNOWN: 0,
    State.SENT: 1,
    State.FAILED: 2,
    State.DELIVERED: 3,
    State.READ: 4,
}
_STOP = re.compile(r"\s*(berhenti|stop|unsubscribe)\s*[.!]?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class News:
    """A carrier tells of one message; ``reference`` is our own name for it, where it was kept.

    Attributes:
        cost_idr: what it costs after all; None: as was thought.
    """

    channel: str
    provider_id: str
    reference: str
    state: str
    trouble: str = ""
    cost_idr: int | None = None


@dataclass(frozen=True, slots=True)
class Inbound:
    """A customer wrote to the company's number."""

    sender: str
    text: str

    @property
    def wants_none(self) -> bool:
        """Tell whether he asks for no more messages."""
        return _STOP.fullmatch(self.text) is not None


def is_newer(current: State, told: State) -> bool:
    """Tell whether news say more than is known: they come twice and in any order."""
    return current in _RANK and _RANK[told] > _RANK[current]
