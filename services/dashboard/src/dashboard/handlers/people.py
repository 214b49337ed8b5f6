"""Who sells: the Marketing users, for those who may see them."""

from __future__ import annotations

from dashboard.domain.answers.base import Page
from dashboard.domain.answers.home import UserRow
from dashboard.store.services import Reader
from shared.errors import NotFound, Unavailable


async def sellers(reader: Reader) -> list[UserRow]:
    """List the Marketing users that may get customers, by name."""
    users = await reader.get("gateway", "/users", Page[UserRow], limit=200)
    active = [user for user in users.items if user.role == "marketing" and not user.disabled]
    return sorted(active, key=lambda user: user.name)


async def sellers_if_any(reader: Reader, *, wanted: bool) -> list[UserRow]:
    """List them as a filter; a page does without when they cannot be had."""
    if not wanted:
        return []
    try:
        return await sellers(reader)
    except (NotFound, Unavailable):
        return []
