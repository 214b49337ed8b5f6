"""The public door (:8001): what the bank's protocols share before a message is looked into.

A bare ASGI app: check the sender, read, let the protocol answer within its time. Nothing in a
request talks to anybody but the database (C2), and nothing is acknowledged that is not stored.
"""

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from bank_gateway.metrics import CALLBACK_REFUSALS
from shared import context
from shared.logs import logger

BODY_BYTES = 64 * 1024
ANSWER_SECONDS = 2.0  # C2: slower is "not accepted"
_SAMPLE_SECONDS = 1.0
_SOURCES_REMEMBERED = 256

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Request:
    """A message of a sender we know, not looked into yet.

    Attributes:
        target: the path as it was called, with its query.
    """

    target: str
    headers: Headers
    body: bytes
    source: str

    def header(self, name: str) -> str | None:
        """Give a header; of one that is there twice the first."""
        wanted = name.lower().encode()
        return next((value.decode("latin-1") for key, value in self.headers if key == wanted), None)


@dataclass(frozen=True, slots=True)
class Response:
    """An answer in JSON."""

    http_status: int
    body: bytes
    headers: Headers = ()


class Refused(Exception):
    """The message is not taken, and not even kept (C7, C8)."""

    def __init__(self, reason: str, http_status: int = 200) -> None:
        super().__init__(reason)
        self.reason, self.http_status = reason, http_status


class Clerk(Protocol):
    """Who answers at one path, in the words of a protocol."""

    async def answer(self, request: Request) -> Response:
        """Do what is asked; a commit lies before the return (C1).

        Raises:
            Refused: it is not taken.
        """
        ...

    def refusal(self, refused: Refused) -> Response:
        """Say no."""
        ...


@dataclass
class Door:
    """The public address of the bank-gateway; it opens for the bank's networks only."""

    networks: Sequence[IPv4Network | IPv6Network]
    clerks: Mapping[str, Clerk]
    closers: Sequence[Callable[[], Awaitable[None]]] = ()
    answer_seconds: float = ANSWER_SECONDS
    _sampled_at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._is_known = lru_cache(_SOURCES_REMEMBERED)(self._known_network)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        source = scope["client"][0] if scope.get("client") else ""
        clerk = self.clerks.get(scope["path"])
        if clerk is None:
            self._note("path", source, b"")
            await _send(send, Response(404, b"{}"))
            return
        await _send(send, await self._answer(clerk, scope, receive, source))

    async def _answer(self, clerk: Clerk, scope: Scope, receive: Receive, source: str) -> Response:
        body = b""
        try:
            self._check(scope, source)
            async with asyncio.timeout(self.answer_seconds):
                body = await _read(receive)
                with context.bound(None):
                    return await clerk.answer(_request(scope, body, source))
        except Refused as given:
            refused = given
        except TimeoutError:  # R7, R8: never acknowledge
            refused = Refused("timeout", 503)
        except (SQLAlchemyError, OSError) as error:
            logger("bank-gateway").error("callback not stored", reason=type(error).__name__)
            refused = Refused("unavailable", 503)
        self._note(refused.reason, source, body)
        return clerk.refusal(refused)

    async def close(self) -> None:
        """Let go of what the clerks hold."""
        for close in self.closers:
            await close()

    def _check(self, scope: Scope, source: str) -> None:
        if scope["method"] != "POST":
            raise Refused("method", 405)
        if not self._is_known(source):
            raise Refused("network", 403)

    def _known_network(self, source: str) -> bool:
        try:
            address: IPv4Address | IPv6Address = ip_address(source)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)

    def _note(self, reason: str, source: str, body: bytes) -> None:
        """Count, and log a sample: time, source, size and hash, never the content (C7, C9)."""
        CALLBACK_REFUSALS.labels(reason).inc()
        now = time.monotonic()
        if now - self._sampled_at.get(reason, -_SAMPLE_SECONDS) < _SAMPLE_SECONDS:
            return
        self._sampled_at[reason] = now
        digest = hashlib.sha256(body).hexdigest()[:16]
        logger("bank-gateway").warning(
            "callback refused", reason=reason, source=source, size=len(body), digest=digest
        )


def _request(scope: Scope, body: bytes, source: str) -> Request:
    target: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope.get("query_string", b"")
    called = target + b"?" + query if query else target
    return Request(called.decode("latin-1"), scope["headers"], body, source)


async def _read(receive: Receive) -> bytes:
    parts = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused("disconnected", 400)
        parts += message.get("body", b"")
        if len(parts) > BODY_BYTES:
            raise Refused("size", 413)
        more = message.get("more_body", False)
    return bytes(parts)


async def _send(send: Send, response: Response) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(response.body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        *response.headers,
    ]
    start = {"type": "http.response.start", "status": response.http_status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": response.body})
