"""Sending a message through somebody else: what is handed over, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Protocol

QUICK_TRIES = 5
_QUICK_CAP_SECONDS = 60.0
_PAUSES = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))
"""After the quick tries; then a person is told."""
_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "ÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = frozenset("^{}\\[~]|€")


class Result(StrEnum):
    """What an attempt came to."""

    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the other side said; ``UNKNOWN``: it may have taken the message, nobody can tell.

    Attributes:
        provider_id: what the other side calls the message.
        trouble: why not, for people.
    """

    result: Result
    provider_id: str | None = None
    cost_idr: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message on its way.

    Attributes:
        reference: our own name for it; what the other side tells later carries it.
        template: what WhatsApp approved these words as.
        parameters: the values of that template by name.
    """

    reference: str
    recipient: str
    text: str
    subject: str
    language: str = "id"
    template: str | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


class Carrier(Protocol):
    """Somebody who takes messages to customers."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand a message over once; never raises for what the other side does."""
        ...


def next_try(failures: int, chance: Random) -> timedelta | None:
    """Give the pause after the n-th failure in a row (R1, then slower); None: tell a person."""
    if failures <= QUICK_TRIES:
        return timedelta(seconds=chance.uniform(0, min(_QUICK_CAP_SECONDS, 2.0 ** (failures - 1))))
    slow = failures - QUICK_TRIES - 1
    return _PAUSES[slow] if slow < len(_PAUSES) else None


def plain(text: str) -> str:
    """Give the words without WhatsApp's signs for bold, for channels that show them."""
    return text.replace("*", "")


def segments(text: str) -> int:
    """Count what a text costs as SMS: 160 letters of GSM-7 each (153 if joined), else 70 (67)."""
    if all(letter in _GSM or letter in _GSM_TWICE for letter in text):
        length = sum(2 if letter in _GSM_TWICE else 1 for letter in text)
        return 1 if length <= 160 else math.ceil(length / 153)
    length = len(text.encode("utf-16-be")) // 2
    return 1 if length <= 70 else math.ceil(length / 67)
