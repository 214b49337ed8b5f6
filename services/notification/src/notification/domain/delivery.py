"""What becomes of a message: its states and the moves between them."""

from __future__ import annotations

from enum import StrEnum

from shared.errors import InvalidTransition


class State(StrEnum):
    """Where a message is on its way; ``opened``: a person has it in WhatsApp."""

    QUEUED = "queued"
    OPENED = "opened"
    SENDING = "sending"
    UNKNOWN = "unknown"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    CANCELLED = "cancelled"


S = State
WAITING = frozenset({S.QUEUED, S.OPENED})
"""A person's part, or nothing, has happened: what asks for money may still be called back."""
TRANSITIONS: dict[State, frozenset[State]] = {
    S.QUEUED: frozenset(
        {S.OPENED, S.SENDING, S.CANCELLED, S.FAILED, S.SENT, S.DELIVERED, S.READ}
    ),  # the last three: what seemed to have failed had arrived
    S.OPENED: frozenset({S.OPENED, S.SENT, S.QUEUED, S.CANCELLED}),
    S.SENDING: frozenset({S.SENT, S.DELIVERED, S.READ, S.FAILED, S.UNKNOWN, S.QUEUED}),
    S.UNKNOWN: frozenset({S.SENT, S.DELIVERED, S.READ, S.FAILED, S.QUEUED}),
    S.SENT: frozenset({S.SENT, S.DELIVERED, S.READ, S.FAILED, S.OPENED}),
    S.DELIVERED: frozenset({S.DELIVERED, S.READ, S.OPENED}),
    S.READ: frozenset({S.READ, S.OPENED}),
    S.FAILED: frozenset({S.QUEUED, S.OPENED, S.DELIVERED, S.READ}),
    S.CANCELLED: frozenset(),
}

WORDS = {
    S.QUEUED: "antre",
    S.OPENED: "dibuka",
    S.SENDING: "sedang dikirim",
    S.UNKNOWN: "belum pasti",
    S.SENT: "terkirim",
    S.DELIVERED: "diterima",
    S.READ: "dibaca",
    S.FAILED: "gagal",
    S.CANCELLED: "dibatalkan",
}


def move(current: State, target: State) -> State:
    """Take a step.

    Raises:
        InvalidTransition: there is no such step.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=WORDS[current], target=WORDS[target])
    return target
