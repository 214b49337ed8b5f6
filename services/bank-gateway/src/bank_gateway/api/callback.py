"""``POST /bni/ecollection/callback``: the bank tells of a payment (C1 to C9).

Decode, have it stored, answer after the commit. The answer keeps the bank's own format.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bank_gateway.api.door import Headers, Refused, Request, Response
from bank_gateway.domain.notice import Origin
from bank_gateway.handlers.intake import Intake, Message
from bank_gateway.handlers.taking import Outcome
from bank_gateway.handlers.together import Busy
from bank_gateway.metrics import CALLBACKS
from bni_protocol.cipher import Key, Refusal, Undecodable, decrypt
from bni_protocol.codes import NOT_ACCEPTED, SUCCESS
from bni_protocol.envelope import Envelope, Malformed
from shared.clock import Clock
from shared.logs import logger

PATH = "/bni/ecollection/callback"
_LATER: Headers = ((b"retry-after", b"30"),)
_COUNTED = {outcome: CALLBACKS.labels(outcome) for outcome in Outcome}


@dataclass
class CallbackClerk:
    """Takes eCollection's notifications."""

    intake: Intake
    keys: Sequence[Key]
    clock: Clock

    async def answer(self, request: Request) -> Response:
        return _response(200, await self._take(request.body, request.source))

    def refusal(self, refused: Refused) -> Response:
        return _response(refused.http_status, NOT_ACCEPTED)

    async def _take(self, body: bytes, source: str) -> str:
        """Have the notification stored and give the status; the commit lies before it (C1)."""
        closed, members = self._open(body)
        origin = Origin(closed.client_id, source)
        try:
            outcome = await self.intake.take(Message(members, origin, body))
        except Busy:
            raise Refused("busy", 503) from None
        _COUNTED[outcome].inc()
        if outcome is Outcome.QUARANTINED:
            logger("bank-gateway").error("callback quarantined", source=source)
        return outcome.status

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
        now = int(self.clock.now().timestamp())
        for key in self.keys:
            try:
                return decrypt(closed.ciphertext, key, now)
            except Undecodable as refusal:
                reasons.append(refusal.reason)
        worst = Refusal.WINDOW if Refusal.WINDOW in reasons else reasons[0]
        raise Refused(worst)


@cache
def _response(http_status: int, status: str) -> Response:
    body = {"status": status}
    if status != SUCCESS:
        body["message"] = "Not accepted"
    return Response(http_status, json.dumps(body).encode(), _LATER if http_status == 503 else ())
