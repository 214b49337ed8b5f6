"""``POST /bni/ecollection/callback``: the bank tells of a payment (C1 to C9).

A bare ASGI app: read, check the sender, decode, one transaction, answer after its commit. The
answer keeps the bank's own format. Nothing in the request talks to anybody but the database.
"""

import asyncio
import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from bank_gateway.domain.notice import Origin
from bank_gateway.handlers import callback as handlers
from bank_gateway.handlers.taking import Outcome
from bank_gateway.metrics import CALLBACK_REFUSALS, CALLBACKS
from bank_gateway.models import Exchange
from bank_gateway.vault import Vault
from bni_protocol.cipher import Key, Refusal, Undecodable, decrypt
from bni_protocol.codes import SUCCESS
from bni_protocol.envelope import Envelope, Malformed
from shared import context
from shared.database import Sessions
from shared.logs import logger
from shared.principal import Principal

PATH = "/bni/ecollection/callback"
BODY_BYTES = 64 * 1024
ANSWER_SECONDS = 2.0  # C2: slower is "not accepted"
_NOT_ACCEPTED = "999"
_SAMPLE_SECONDS = 1.0


class _Refused(Exception):
    """The message is not even looked into (C7, C8)."""

    def __init__(self, reason: str, http_status: int = 200) -> None:
        super().__init__(reason)
        self.reason, self.http_status = reason, http_status


@dataclass
class CallbackApp:
    """The public door of the bank-gateway; it opens for the bank's networks only."""

    sessions: Sessions
    keys: Sequence[Key]
    vault: Vault
    networks: Sequence[IPv4Network | IPv6Network]
    _sampled_at: dict[str, float] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        source = scope["client"][0] if scope.get("client") else ""
        body = b""
        try:
            self._check_door(scope, source)
            async with asyncio.timeout(ANSWER_SECONDS):
                body = await _read(receive)
                with context.bound(None):
                    status, http_status = await self._take(body, source), 200
        except _Refused as refused:
            self._refuse(refused.reason, source, body)
            status, http_status = _NOT_ACCEPTED, refused.http_status
        except (SQLAlchemyError, OSError, TimeoutError) as error:  # R7, R8: never acknowledge
            self._refuse("unavailable", source, body)
            logger("bank-gateway").error("callback not stored", reason=type(error).__name__)
            status, http_status = _NOT_ACCEPTED, 503
        await _answer(send, http_status, status)

    def _check_door(self, scope: Scope, source: str) -> None:
        if scope["path"] != PATH:
            raise _Refused("path", 404)
        if scope["method"] != "POST":
            raise _Refused("method", 405)
        if not self._known_network(source):
            raise _Refused("network", 403)

    def _known_network(self, source: str) -> bool:
        try:
            address: IPv4Address | IPv6Address = ip_address(source)
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped:
            address = address.ipv4_mapped
        return any(address in network for network in self.networks)

    async def _take(self, body: bytes, source: str) -> str:
        """Store the notification and give the status; the commit lies before the return (C1)."""
        closed, members = self._open(body)
        async with self.sessions.begin(Principal.system("bank-gateway")) as session:
            origin = Origin(closed.client_id, source)
            outcome = await handlers.take(members, origin, session)
            accepted = outcome is not Outcome.QUARANTINED
            status = SUCCESS if accepted else _NOT_ACCEPTED
            if outcome is not Outcome.REPEATED:
                session.add(
                    Exchange(
                        at=session.clock.now(),
                        operation="callback",
                        trx_id=str(members.get("trx_id", ""))[:30].replace("\x00", ""),
                        status=status,
                        sealed_sent=self.vault.seal(b""),
                        sealed_received=self.vault.seal(body),
                    )
                )
        CALLBACKS.labels(outcome).inc()
        if not accepted:
            logger("bank-gateway").error("callback quarantined", source=source)
        return status

    def _open(self, body: bytes) -> tuple[Envelope, dict[str, object]]:
        try:
            closed = Envelope.parse(body)
        except Malformed:
            raise _Refused("envelope") from None
        if closed.client_id != self.keys[0].client_id:
            raise _Refused("client")
        members = self._decrypt(closed)
        if members.get("client_id", closed.client_id) != closed.client_id:
            raise _Refused("client")
        return closed, members

    def _decrypt(self, closed: Envelope) -> dict[str, object]:
        """Try the present key, then the previous one; a wrong clock is the telling reason."""
        reasons = []
        now = int(self.sessions.clock.now().timestamp())
        for key in self.keys:
            try:
                return decrypt(closed.ciphertext, key, now)
            except Undecodable as refusal:
                reasons.append(refusal.reason)
        worst = Refusal.WINDOW if Refusal.WINDOW in reasons else reasons[0]
        raise _Refused(worst)

    def _refuse(self, reason: str, source: str, body: bytes) -> None:
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


async def _read(receive: Receive) -> bytes:
    parts = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Refused("disconnected", 400)
        parts += message.get("body", b"")
        if len(parts) > BODY_BYTES:
            raise _Refused("size", 413)
        more = message.get("more_body", False)
    return bytes(parts)


async def _answer(send: Send, http_status: int, status: str) -> None:
    body = {"status": status}
    if status != SUCCESS:
        body["message"] = "Not accepted"
    content = json.dumps(body).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        (b"x-content-type-options", b"nosniff"),
    ]
    start = {"type": "http.response.start", "status": http_status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": content})
