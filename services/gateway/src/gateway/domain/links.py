"""Links by which somebody sets his own password: one at a time, once, and not for long."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum


class Purpose(StrEnum):
    """Why somebody gets a link."""

    INVITATION = "invitation"
    RESET = "reset"


LIFETIME = {Purpose.INVITATION: timedelta(hours=72), Purpose.RESET: timedelta(hours=24)}


def purpose_for(*, has_password: bool) -> Purpose:
    """Somebody who has a password needs another one; who has none was not here yet."""
    return Purpose.RESET if has_password else Purpose.INVITATION


def page_of(secret: str) -> str:
    """Give the page that a link leads to."""
    return f"/password/{secret}"
