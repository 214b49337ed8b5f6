"""What one request or one delivery carries along: its correlation and its cause."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from shared.ids import new_id

_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_correlation: ContextVar[str | None] = ContextVar("correlation", default=None)
_causation: ContextVar[UUID | None] = ContextVar("causation", default=None)


def correlation_id() -> str:
    """Give the id that joins everything one request or callback set off."""
    return _correlation.get() or str(new_id())


def causation_id() -> UUID | None:
    """Give the id of the event that is being handled, if one is."""
    return _causation.get()


@contextmanager
def bound(correlation: str | None, causation: UUID | None = None) -> Iterator[str]:
    """Carry a correlation (a new one when absent or ill-formed) through the block."""
    given = correlation if correlation and _ACCEPTED.fullmatch(correlation) else str(new_id())
    correlation_token = _correlation.set(given)
    causation_token = _causation.set(causation)
    try:
        yield given
    finally:
        _causation.reset(causation_token)
        _correlation.reset(correlation_token)
