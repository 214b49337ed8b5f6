"""The streams: ready fragments for pages at ``/live``, JSON for programs at ``/api/v1/events``."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Header, Query, Request
from sse_starlette import EventSourceResponse, ServerSentEvent

from dashboard.api.desk import Desk, desk_of
from dashboard.domain import feed
from dashboard.domain.lists import PAYMENTS
from dashboard.domain.live import RESET
from dashboard.models import LiveEvent
from shared.web import Caller, ServiceRouter

router = ServiceRouter()

HEARTBEAT_SECONDS = 15
RETRY_MILLISECONDS = 1000
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

After = Annotated[int | None, Query(ge=0)]
LastEventId = Annotated[str | None, Header(alias="Last-Event-ID", max_length=20)]


@router.get("/live")
async def live(
    request: Request, caller: Caller, after: After = None, last_event_id: LastEventId = None
) -> EventSourceResponse:
    """Stream HTML fragments in the reader's scope."""
    desk, position = desk_of(request), _position(after, last_event_id)
    today = request.app.state.service.clock.today()

    async def pieces() -> AsyncIterator[ServerSentEvent]:
        seconds = desk.settings.stream_seconds_max
        async for event in desk.hub.follow(caller, position, seconds):
            if event is None:
                yield _reset(desk)
                continue
            for name in event.names:
                data = _row(desk, event, today) if name == "payment" else event.type
                yield ServerSentEvent(data, event=name, id=str(event.id))

    return _stream(pieces())


@router.get("/api/v1/events")
async def events(
    request: Request, caller: Caller, after: After = None, last_event_id: LastEventId = None
) -> EventSourceResponse:
    """Stream events as JSON in the caller's scope."""
    desk, position = desk_of(request), _position(after, last_event_id)

    async def pieces() -> AsyncIterator[ServerSentEvent]:
        seconds = desk.settings.stream_seconds_max
        async for event in desk.hub.follow(caller, position, seconds):
            if event is None:
                yield _reset(desk)
            elif event.type != "user.changed":
                yield ServerSentEvent(_json(event), event=event.type, id=str(event.id))

    return _stream(pieces())


def _stream(pieces: AsyncIterator[ServerSentEvent]) -> EventSourceResponse:
    return EventSourceResponse(_opened(pieces), ping=HEARTBEAT_SECONDS, headers=_HEADERS)


async def _opened(pieces: AsyncIterator[ServerSentEvent]) -> AsyncIterator[ServerSentEvent]:
    """Say at once that the stream is open, and how soon to come back when it ends."""
    yield ServerSentEvent(comment="ok", retry=RETRY_MILLISECONDS)
    async for piece in pieces:
        yield piece


def _position(after: int | None, last_event_id: str | None) -> int | None:
    """Where to begin: after what the browser saw last, else where its page was rendered."""
    if last_event_id and last_event_id.isdigit():
        return int(last_event_id)
    return after


def _reset(desk: Desk) -> ServerSentEvent:
    return ServerSentEvent(RESET, event=RESET, id=str(desk.hub.newest))


def _row(desk: Desk, event: LiveEvent, today: object) -> str:
    customer_id = str(event.customer_id) if event.customer_id else None
    row = feed.row_of_event(event.facts, customer_id, today)  # type: ignore[arg-type]
    return desk.templates.render("payments/row.html", row=row, columns=PAYMENTS.shown)


def _json(event: LiveEvent) -> str:
    body = {
        "type": event.type,
        "at": event.at.isoformat(),
        "customer_id": str(event.customer_id) if event.customer_id else None,
        "object_id": str(event.object_id),
        **event.facts,
    }
    return json.dumps(body)
