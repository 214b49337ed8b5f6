"""``/api/v1/notifications``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from notification.handlers import notices as handlers
from notification.store import notices as store
from notification.store.notices import NoticeQuery
from shared.paging import Page
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class NoticeView(BaseModel):
    """One thing that the bell tells; ``link`` is the page that shows more."""

    id: UUID
    kind: str
    text: str
    link: str | None
    customer_id: UUID | None
    at: datetime
    read: bool


class Bell(Page[NoticeView]):
    """A page of notices; ``unread`` counts all that the reader has not seen."""

    unread: int


class ReadNotices(BaseModel):
    """Up to which notice; all when it is left out."""

    model_config = ConfigDict(extra="forbid")

    up_to: UUID | None = None


class Unread(BaseModel):
    """How many are left."""

    unread: int


@router.get("/api/v1/notifications")
async def list_notices(wanted: Annotated[NoticeQuery, Query()], session: Transaction) -> Bell:
    """List what the reader is told, newest first."""
    found = await store.find(session, wanted)
    seen = await store.seen_of(session, [notice.id for notice in found.rows])
    items = [NoticeView(**n.model_dump(), read=n.id in seen) for n in found.rows]
    unread = await store.count_unread(session)
    return Bell(items=items, next_cursor=found.next_cursor, total=found.total, unread=unread)


@router.post("/api/v1/notifications/read")
async def read_notices(session: Transaction, body: ReadNotices | None = None) -> Unread:
    """Mark as read."""
    return Unread(unread=await handlers.read_notices(session, body.up_to if body else None))
