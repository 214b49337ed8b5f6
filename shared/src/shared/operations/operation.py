"""What one operation is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

PUBLIC = "public"
"""Needs no sign-in at all."""

SIGNED_IN = "signed_in"
"""Any signed-in person may do it; it concerns himself only."""


@dataclass(frozen=True)
class Operation:
    """One method on one path template, as FastAPI spells templates.

    Attributes:
        service: who answers, as the folder under ``services/`` is named.
        permission: what the role must have; ``PUBLIC`` and ``SIGNED_IN`` are special.
        money: creates or moves money, so ``Idempotency-Key`` is required (I).
        upload: takes a file as ``multipart/form-data``, up to 5 MiB of it (B4).
        confirmed: sensitive, so the password must have been given within the last minutes (A8).
        guessed: answers whoever knows a code, so that one address may ask only so often (P1).
        told_once: the answer holds a secret; it is never kept, not even for an idempotency key.
        stream: answers without end; the gateway passes pieces on as they come.
    """

    method: str
    path: str
    service: str
    permission: str
    money: bool = False
    stream: bool = False
    upload: bool = False
    confirmed: bool = False
    guessed: bool = False
    told_once: bool = False

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The template as a pattern; a parameter is one segment, ``:path`` is the rest."""
        parts = re.split(r"(\{[a-z_]+(?::path)?\})", self.path)
        return re.compile("".join(_pattern(part) for part in parts))

    def matches(self, path: str) -> bool:
        """Tell whether a request path is this operation's."""
        return self.pattern.fullmatch(path) is not None

    @cached_property
    def rank(self) -> tuple[int, int]:
        """Order for matching: fewer parameters first, then longer templates."""
        return (self.path.count("{"), -len(self.path))


def _pattern(part: str) -> str:
    if not part.startswith("{"):
        return re.escape(part)
    return ".+" if part.endswith(":path}") else "[^/]+"
