"""The promises that both transports keep: at-least-once, acknowledge after the effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Message:
    """An event on the wire."""

    routing_key: str
    body: bytes
    event_id: UUID


BATCH = 32
"""How many messages are handed over together at most: what a broker lets us hold (E3)."""


class Deliver(Protocol):
    """Takes messages in their order; returning acknowledges all, raising brings all back later."""

    async def __call__(self, *messages: Message) -> None: ...


class BusUnavailable(Exception):
    """The transport did not confirm; the outbox keeps the events and the relay tries again."""


class Bus(Protocol):
    """Publishes with confirmation and consumes in order."""

    async def start(self) -> None:
        """Connect and declare every queue of the topology."""
        ...

    async def publish(self, messages: Sequence[Message], *, queue: str | None = None) -> None:
        """Send in order; return only when every message is confirmed and was routed (E2).

        Args:
            queue: send to this queue alone instead of to all who listen.

        Raises:
            BusUnavailable: at least one message is not confirmed.
        """
        ...

    async def consume(self, queue: str, deliver: Deliver) -> None:
        """Deliver the queue's messages in order, those that wait together, until it is closed."""
        ...

    async def consume_dead(self, queue: str, deliver: Deliver) -> None:
        """Deliver what the transport itself has given up on, where it does that (E6)."""
        ...

    def healthy(self) -> bool:
        """Tell whether messages can travel now."""
        ...

    async def close(self) -> None:
        """Stop delivering, finish the message in hand, disconnect."""
        ...
