"""Every way in which one damaged byte leaves a notification that still decodes (C4).

The cipher has no integrity: one flipped bit shifts one character of the text by a power of two.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bni_protocol.fields import FieldProblem, Notification

_BITS = 7
_AMOUNTS = ("payment_amount", "cumulative_payment_amount")


@dataclass(frozen=True)
class Form:
    """One kind of damage: its name, and how the text reads with it."""

    name: str
    text: str


def forms(members: Mapping[str, str]) -> list[Form]:
    """Give one form for every kind of damage; of amounts by place of the digit and direction.

    Exactly half is a form of its own: what is missing then looks like the same payment again.

    What does not decode is left out: nobody can tell it from a message that never came (C7).
    """
    text = spelled(members)
    found: dict[str, Form] = {}
    for damaged in _damaged(text):
        read = _read(damaged)
        if read is not None and read != members:
            name = _kind(read, members)
            found.setdefault(name, Form(name, damaged))
    return list(found.values())


def spelled(members: Mapping[str, str]) -> str:
    """Write a notification as the bank does."""
    return json.dumps(members, ensure_ascii=True, separators=(",", ":"))


def _damaged(text: str) -> Iterator[str]:
    for at, letter in enumerate(text):
        for shift in sorted(sign << bit for bit in range(_BITS) for sign in (1, -1)):
            yield f"{text[:at]}{chr((ord(letter) + shift) % 128)}{text[at + 1 :]}"


def _read(text: str) -> dict[str, Any] | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read if isinstance(read, dict) else None


def _kind(read: Mapping[str, Any], members: Mapping[str, str]) -> str:
    """Name what is wrong, as far as it makes a difference to whoever reads it."""
    missing = members.keys() - read.keys()
    if missing:
        return f"no {missing.pop()}"
    (name,) = (name for name in members if read[name] != members[name])
    try:
        Notification.parse(read)
    except FieldProblem:
        return f"unreadable {name}"
    if name not in _AMOUNTS:
        return f"other {name}"
    if 2 * int(read[name]) == int(members[name]):
        return f"half {name}"
    pairs = enumerate(zip(read[name], members[name], strict=True))
    at = next(at for at, (now, before) in pairs if now != before)
    side = "less" if read[name] < members[name] else "more"
    return f"{side} {name} {_place(at, len(members[name]))}"


def _place(at: int, length: int) -> str:
    return {0: "by the first digit", length - 1: "by the last digit"}.get(at, "in between")
