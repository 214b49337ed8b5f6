"""A form as a page shows it: what was typed, what is wrong, and its key."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from dashboard.domain.refusals import Refused
from shared.errors import NotFound

_GROUPED = re.compile(r"(?:Rp\s*)?([0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,14})")


@dataclass(frozen=True, slots=True)
class Form:
    """``key`` makes a repeated send harmless; ``duplicate`` is somebody with the same phone."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid4().hex)
    duplicate: Any = None

    @property
    def headline(self) -> str:
        """The first line of the summary."""
        count = len(self.errors)
        return "Satu hal perlu diperbaiki" if count == 1 else f"{count} isian perlu diperbaiki"


def refused(values: Mapping[str, str], refusal: Refused, fields: set[str]) -> Form:
    """Show what was typed again, with the refusal by its fields.

    A refusal changed nothing, so a new key is right: the old one belongs to the old input.
    """
    errors = {
        name if name in fields else "": _sentence(text) for name, text in refusal.errors.items()
    }
    return Form(values, errors or {"": str(refusal)})


def rupiah(text: str) -> int | None:
    """Read ``1250000``, ``1.250.000`` or ``Rp 1.250.000``; None for anything else (M1)."""
    match = _GROUPED.fullmatch(text.strip())
    return int(match[1].replace(".", "")) if match else None


def identity(text: str) -> UUID:
    """Read an id out of a form.

    Raises:
        NotFound: it is none, so it is nobody's.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def number(text: str) -> int | None:
    """Read a small whole number; None for anything else."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,6}\s*", text) else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
