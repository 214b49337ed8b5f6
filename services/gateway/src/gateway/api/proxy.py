"""Passing a request on to a service, and its answer back; only named headers cross."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from uuid import UUID

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from shared.errors import Unavailable
from shared.http import Headers as UpstreamHeaders
from shared.http import HttpClient, Unreachable
from shared.logs import logger

READ_SECONDS = 30.0
RECHECK_SECONDS = 10.0
STREAMS_EACH = 30
_INWARD = {
    "accept",
    "accept-encoding",
    "accept-language",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "last-event-id",
    "x-hub-signature-256",
    "sec-ch-ua-mobile",
    "user-agent",
}
_OUTWARD = {
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "etag",
    "idempotency-replayed",
    "last-modified",
    "location",
    "retry-after",
    "vary",
    "www-authenticate",
    "x-accel-buffering",
    "x-robots-tag",
}
_HTMX = "hx-"
_START, _BODY = "http.response.start", "http.response.body"


def inward(headers: Headers) -> dict[str, str]:
    """Give the request headers that a service may see: the first of each name, ASCII only."""
    kept: dict[str, str] = {"accept-encoding": "identity"}
    for name in set(headers.keys()):
        if (name in _INWARD or name.startswith(_HTMX)) and headers[name].isascii():
            kept[name] = headers[name]
    return kept


def outward(headers: UpstreamHeaders, *, cacheable: bool) -> list[tuple[bytes, bytes]]:
    """Give the answer headers that the outside may see; cookies of services never pass."""
    allowed = _OUTWARD | {"cache-control"} if cacheable else _OUTWARD
    return [
        (name.lower(), value)
        for name, value in headers.raw
        if (plain := name.lower().decode("latin-1")) in allowed or plain.startswith(_HTMX)
    ]


@dataclass(frozen=True)
class Passage:
    """One request on its way to one service; an ASGI app that answers with what comes back.

    Attributes:
        path: encoded, with its query.
        status: replaces the status of the answer, when given.
    """

    client: HttpClient
    method: str
    path: str
    headers: dict[str, str] = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    cacheable: bool = False
    status: int | None = None
    read_seconds: float | None = READ_SECONDS

    def endless(self) -> Passage:
        """The same, waiting for its next piece as long as it takes."""
        return replace(self, read_seconds=None)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        started = False
        try:
            async with self.client.stream(
                self.method,
                self.path,
                headers=self.headers,
                content=self.content,
                read_seconds=self.read_seconds,
            ) as answer:
                status = self.status or answer.status_code
                headers = outward(answer.headers, cacheable=self.cacheable)
                await send({"type": _START, "status": status, "headers": headers})
                started = True
                async for piece in answer.aiter_raw():
                    body = b"" if scope["method"] == "HEAD" else piece
                    await send({"type": _BODY, "body": body, "more_body": True})
            await send({"type": _BODY, "body": b""})
        except Unreachable:
            if not started:
                raise
            logger("gateway").warning("answer broke off")  # a path may hold a document's key


class Seats:
    """How many streams each person may hold open, so that one cannot take them all."""

    def __init__(self, most: int = STREAMS_EACH) -> None:
        self._most = most
        self._taken: Counter[UUID] = Counter()

    @contextmanager
    def taken_by(self, user_id: UUID) -> Iterator[None]:
        """Hold a seat.

        Raises:
            Unavailable: this person has all his seats.
        """
        if self._taken[user_id] >= self._most:
            raise Unavailable
        self._taken[user_id] += 1
        try:
            yield
        finally:
            self._taken[user_id] -= 1


@dataclass(frozen=True)
class Stream:
    """A passage without end, that ends with its reader, his session, or this process."""

    passage: Passage
    seat: AbstractContextManager[None]
    is_still: Callable[[], Awaitable[bool]]
    stopping: asyncio.Event

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self.seat:
            await self._pass(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        state = ""

        async def remember(message: Message) -> None:
            nonlocal state
            state = "open" if message.get("more_body", message["type"] == _START) else "done"
            await send(message)

        passing = asyncio.create_task(self.passage(scope, receive, remember))
        others = [asyncio.create_task(_gone(receive)), asyncio.create_task(self._over())]
        try:
            await asyncio.wait([passing, *others], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in (passing, *others):
                work.cancel()
            await asyncio.wait([passing, *others])
        if not passing.cancelled():
            passing.result()
        if state == "":
            raise Unavailable
        if state == "open":
            await send({"type": _BODY, "body": b""})

    async def _over(self) -> None:
        while not self.stopping.is_set() and await self.is_still():
            try:
                await asyncio.wait_for(self.stopping.wait(), RECHECK_SECONDS)
            except TimeoutError:
                continue


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
