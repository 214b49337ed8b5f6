"""The line to a bank that speaks SNAP BI: its token, our signature, and what came back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom
from urllib.parse import urlsplit

from bank_gateway.domain.clocks import Clocks
from bni_protocol import moments
from shared.clock import Clock
from shared.http import HttpClient, NotConnected, Response, Unreachable
from snap_protocol import messages, replies, sending
from snap_protocol.codes import Code, Service
from snap_protocol.messages import Call
from snap_protocol.replies import Reply
from snap_protocol.sending import Caller, Request, Token

ANSWER_BYTES_MAX = 4 * 1024 * 1024  # a report lists the payments of everybody
_WHOLE_SECONDS = timedelta(seconds=1)  # the bank's time has no parts of a second
_HARMLESS_HTTP = frozenset({401, 429})


@dataclass(frozen=True, slots=True)
class Agreement:
    """What we agreed with the bank for SNAP.

    Attributes:
        service_id: what all our account numbers begin with.
        token_path, path_prefix, version: make the paths that are called, and signed.
    """

    caller: Caller
    service_id: str
    token_path: str
    path_prefix: str
    version: str


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One signed call.

    Attributes:
        code: the bank's code, if it gave one about this call.
        no_effect: it certainly changed nothing.
    """

    sent: bytes
    received: bytes = b""
    code: Code | None = None
    reply: Reply = field(default_factory=lambda: Reply(None))
    no_effect: bool = False


@dataclass
class Line:
    """Signs each call anew. A token is kept until shortly before it ends, one for all callers."""

    client: HttpClient
    base_url: str
    agreement: Agreement
    clock: Clock
    chance: Random = field(default_factory=SystemRandom)
    clocks: Clocks = field(default_factory=Clocks)
    _token: Token | None = None
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, call: Call, members: Mapping[str, object]) -> Exchanged:
        """Make one call; a token that the bank does not know any more is renewed once."""
        body = replies.serialise(members)
        token = await self._valid_token(None)
        if isinstance(token, Exchanged):
            return token
        found = await self._send(call, body, token.text)
        if found.code is None or found.code.kind not in sending.TOKEN_REFUSED:
            return found
        renewed = await self._valid_token(token)
        if isinstance(renewed, Exchanged):
            return renewed
        return await self._send(call, body, renewed.text)

    async def _valid_token(self, refused: Token | None) -> Token | Exchanged:
        """Give the token, a new one if it is over or is the refused one; else why there is none."""
        async with self._renewing:
            held = self._token
            if held is not None and held is not refused and self.clock.now() < held.until:
                return held
            self._token = None
            found = await self._request_token()
            if isinstance(found, Token):
                self._token = found
            return found

    async def _request_token(self) -> Token | Exchanged:
        agreement, now = self.agreement, self.clock.now()
        headers = agreement.caller.token_headers(now)
        body = replies.serialise(messages.TOKEN_REQUEST)
        try:
            response = await self.client.request(
                "POST", agreement.token_path, headers=headers, content=body
            )
        except Unreachable:
            return Exchanged(b"", no_effect=True)
        self._compare_clocks(response, now)
        code, reply = _read(response, Service.TOKEN)
        given = code is not None and code.kind == (200, 0)
        token = Token.read(reply.members, now) if given else None
        # A token is a secret, and so neither it nor its exchange is kept.
        return token or Exchanged(b"", code=code, no_effect=True)

    async def _send(self, call: Call, body: bytes, token: str) -> Exchanged:
        agreement, now = self.agreement, self.clock.now()
        path = call.path(agreement.path_prefix, agreement.version)
        number = sending.external_id(now, self.chance)
        request = Request(call.method, self._signed(path), body, now)
        headers = agreement.caller.headers(request, token, number)
        sent = f"{call.method} {path} {moments.iso(now)} {number}\n".encode() + body
        try:
            response = await self.client.request(call.method, path, headers=headers, content=body)
        except NotConnected:
            return Exchanged(sent, no_effect=True)
        except Unreachable:
            return Exchanged(sent)
        self._compare_clocks(response, now)
        code, reply = _read(response, call.service)
        harmless = code.no_effect if code else response.status_code in _HARMLESS_HTTP
        return Exchanged(sent, response.content, code, reply, harmless)

    def _compare_clocks(self, response: Response, begun: datetime) -> None:
        """Take the bank's time from its answer; who does not say it is not measured."""
        try:
            told = moments.parse_iso(response.headers.get("X-TIMESTAMP", ""))
        except ValueError:
            return
        self.clocks.learn(told, begun - _WHOLE_SECONDS, self.clock.now())

    def _signed(self, path: str) -> str:
        """Give the path as the bank sees it, below whatever its address already has."""
        return urlsplit(self.base_url).path.rstrip("/") + path


def _read(response: Response, service: Service) -> tuple[Code | None, Reply]:
    """Read an answer. Success must be said by both the code and HTTP, and of our very call."""
    try:
        reply = Reply.parse(response.content[:ANSWER_BYTES_MAX])
    except replies.Malformed:
        return None, Reply(None)
    code = reply.code
    if code is not None and code.http == 200:
        ours = code.service == service and response.status_code == 200
        return (code, reply) if ours else (None, reply)
    return code, reply
