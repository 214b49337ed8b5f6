"""Looking at the dashboard as a Marketing sees it: his data, nothing but reading, not for long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

VIEW_FOR = timedelta(minutes=15)
VIEWED_ROLE = "marketing"


def reading(permissions: Iterable[str]) -> frozenset[str]:
    """Keep what only reads; whatever is not named so is left out."""
    return frozenset(each for each in permissions if each.endswith(".read"))
