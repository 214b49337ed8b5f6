"""The line to a bank that speaks SNAP BI: its token, our signature, and what came back."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random, SystemRandom
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bni_protocol import moments
from shared.clock import Clock
from shared.http import HttpClient, NotConnected, Response, Unreachable
from snap_protocol import messages, replies, signing
from snap_protocol.codes import Code, Service
from snap_protocol.messages import Call
from snap_protocol.replies import Reply

ANSWER_BYTES_MAX = 4 * 1024 * 1024  # a report lists the payments of everybody
SAFETY = timedelta(seconds=60)
_TOKEN_LENGTH_MAX = 2048
_RANDOM_DIGITS = 22  # with the ten of the time, 32 of the 36 that are allowed
_TOKEN_REFUSED = frozenset({(401, 1), (401, 3)})
_HARMLESS_HTTP = frozenset({401, 429})


@dataclass(frozen=True, slots=True)
class Agreement:
    """What we agreed with the bank for SNAP.

    Attributes:
        service_id: what all our account numbers begin with.
        partner_id: sent as X-PARTNER-ID.
        client_id: sent as X-CLIENT-KEY.
        client_secret: signs our requests; the private key signs the request for a token.
        token_path, path_prefix, version: make the paths that are called, and signed.
    """

    service_id: str
    partner_id: str
    client_id: str
    channel_id: str
    client_secret: str
    private_key: RSAPrivateKey
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


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    until: datetime


@dataclass
class Line:
    """Signs each call anew. A token is kept until shortly before it ends, one for all callers."""

    client: HttpClient
    base_url: str
    agreement: Agreement
    clock: Clock
    chance: Random = field(default_factory=SystemRandom)
    _token: _Token | None = None
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def ask(self, call: Call, members: Mapping[str, object]) -> Exchanged:
        """Make one call; a token that the bank does not know any more is renewed once."""
        body = replies.serialise(members)
        token = await self._valid_token(None)
        if isinstance(token, Exchanged):
            return token
        found = await self._send(call, body, token.text)
        if found.code is None or found.code.kind not in _TOKEN_REFUSED:
            return found
        renewed = await self._valid_token(token)
        if isinstance(renewed, Exchanged):
            return renewed
        return await self._send(call, body, renewed.text)

    async def _valid_token(self, refused: _Token | None) -> _Token | Exchanged:
        """Give the token, a new one if it is over or is the refused one; else why there is none."""
        async with self._renewing:
            held = self._token
            if held is not None and held is not refused and self.clock.now() < held.until:
                return held
            self._token = None
            found = await self._request_token()
            if isinstance(found, _Token):
                self._token = found
            return found

    async def _request_token(self) -> _Token | Exchanged:
        agreement, now = self.agreement, self.clock.now()
        timestamp = moments.iso(now)
        text = signing.token_string(agreement.client_id, timestamp)
        headers = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": timestamp,
            "X-CLIENT-KEY": agreement.client_id,
            "X-SIGNATURE": signing.sign_asymmetric(text, agreement.private_key),
        }
        body = replies.serialise(messages.TOKEN_REQUEST)
        try:
            response = await self.client.request(
                "POST", agreement.token_path, headers=headers, content=body
            )
        except Unreachable:
            return Exchanged(b"", no_effect=True)
        code, reply = _read(response, Service.TOKEN)
        token = _token_of(reply, now) if code is not None and code.kind == (200, 0) else None
        # A token is a secret, and so neither it nor its exchange is kept.
        return token or Exchanged(b"", code=code, no_effect=True)

    async def _send(self, call: Call, body: bytes, token: str) -> Exchanged:
        agreement, timestamp = self.agreement, moments.iso(self.clock.now())
        path = call.path(agreement.path_prefix, agreement.version)
        text = signing.string_to_sign(call.method, self._signed(path), body, timestamp, token)
        number = self._external_id()
        headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signing.sign_symmetric(text, agreement.client_secret),
            "X-PARTNER-ID": agreement.partner_id,
            "X-EXTERNAL-ID": number,
            "CHANNEL-ID": agreement.channel_id,
        }
        sent = f"{call.method} {path} {timestamp} {number}\n".encode() + body
        try:
            response = await self.client.request(call.method, path, headers=headers, content=body)
        except NotConnected:
            return Exchanged(sent, no_effect=True)
        except Unreachable:
            return Exchanged(sent)
        code, reply = _read(response, call.service)
        harmless = code.no_effect if code else response.status_code in _HARMLESS_HTTP
        return Exchanged(sent, response.content, code, reply, harmless)

    def _signed(self, path: str) -> str:
        """Give the path as the bank sees it, below whatever its address already has."""
        return urlsplit(self.base_url).path.rstrip("/") + path

    def _external_id(self) -> str:
        """Make a number that we give once a day, in every process and for every try."""
        random = self.chance.randrange(10**_RANDOM_DIGITS)
        return f"{int(self.clock.now().timestamp())}{random:0{_RANDOM_DIGITS}d}"


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


def _token_of(reply: Reply, now: datetime) -> _Token | None:
    """Read a token; its life comes as text, as a number from some."""
    text, life = reply.members.get("accessToken"), str(reply.members.get("expiresIn", ""))
    if not isinstance(text, str) or not 0 < len(text) <= _TOKEN_LENGTH_MAX:
        return None
    if not (text.isascii() and text.isprintable() and life.isascii() and life.isdigit()):
        return None
    lasts = timedelta(seconds=min(int(life), 86_400))
    return _Token(text, now + max(lasts - SAFETY, lasts / 2))
