"""``POST /bni/ecollection/callback``: the bank tells of a payment (C1 to C9).

Decode, one transaction, answer after its commit. The answer keeps the bank's own format.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bank_gateway.api.door import Refused, Request, Response
from bank_gateway.domain.notice import Origin
from bank_gateway.handlers import callback as handlers
from bank_gateway.handlers.taking import Outcome
from bank_gateway.metrics import CALLBACKS
from bank_gateway.models import Exchange
from bank_gateway.vault import Vault
from bni_protocol.cipher import Key, Refusal, Undecodable, decrypt
from bni_protocol.codes import SUCCESS
from bni_protocol.envelope import Envelope, Malformed
from shared.database import Sessions
from shared.logs import logger
from shared.principal import Principal

PATH = "/bni/ecollection/callback"
_NOT_ACCEPTED = "999"


@dataclass
class CallbackClerk:
    """Takes eCollection's notifications."""

    sessions: Sessions
    keys: Sequence[Key]
    vault: Vault

    async def answer(self, request: Request) -> Response:
        return _response(200, await self._take(request.body, request.source))

    def refusal(self, refused: Refused) -> Response:
        return _response(refused.http_status, _NOT_ACCEPTED)

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
            raise Refused("envelope") from None
        if closed.client_id != self.keys[0].client_id:
            raise Refused("client")
        members = self._decrypt(closed)
        if members.get("client_id", closed.client_id) != closed.client_id:
            raise Refused("client")
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
        raise Refused(worst)


def _response(http_status: int, status: str) -> Response:
    body = {"status": status}
    if status != SUCCESS:
        body["message"] = "Not accepted"
    return Response(http_status, json.dumps(body).encode())
