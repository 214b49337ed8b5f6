"""The bell."""

from __future__ import annotations

from typing import Any

from dashboard.domain.answers.base import Answer
from dashboard.domain.answers.home import Notice, Notices
from dashboard.store.services import Reader
from shared.errors import DomainError

_LOOKS = {
    "payment": ("success", "banknote"),
    "va": ("error", "circle-x"),
    "message": ("error", "message-circle"),
    "customer": ("info", "arrow-left-right"),
    "invoice": ("info", "receipt-text"),
    "document": ("muted", "file-text"),
    "exception": ("error", "inbox"),
    "change_request": ("info", "pencil"),
}


class ShownNotice(Notice):
    """A notice with its look."""

    tone: str = "muted"
    icon: str = "bell"


async def unread(reader: Reader) -> int:
    """Count what was not read; a page does without when it cannot be had."""
    try:
        return (await reader.get("notification", "/notifications", Notices, limit=1)).unread
    except DomainError:
        return 0


async def list_notices(reader: Reader) -> dict[str, Any]:
    """Show the newest notices."""
    found = await reader.get("notification", "/notifications", Notices, limit=50)
    shown = [_shown(notice) for notice in found.items]
    return {"notices": found.model_copy(update={"items": tuple(shown)})}


async def read_all(reader: Reader) -> None:
    """Mark everything as read."""
    await reader.send("notification", "POST", "/notifications/read", {}, Answer)


def _shown(notice: Notice) -> ShownNotice:
    tone, icon = _LOOKS.get(notice.kind.partition(".")[0], ("muted", "bell"))
    return ShownNotice(**notice.model_dump(), tone=tone, icon=icon)
