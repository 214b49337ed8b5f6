"""Speaks SNAP to the client as the bank does: its token first, then service 24 or 25."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random, SystemRandom

from bni_protocol.fields import Notification
from bni_sandbox.courier import Carried, Try, shown
from bni_sandbox.domain import damage
from shared.http import HttpClient, Response, Unreachable
from snap_protocol import messages, replies, sending
from snap_protocol.fields import Identity
from snap_protocol.messages import Call, InquiryRequest, PaymentRequest
from snap_protocol.replies import Reply
from snap_protocol.sending import Caller, Request, Token

TOKEN_PATH = "/snap/v1.0/access-token/b2b"  # noqa: S105  # an address, no secret
_PREFIX, _VERSION = "/snap", "v1.0"
_WRONG_SECRET = "0" * 64
_TAKEN = frozenset({(200, 0), (404, 18)})  # 404xx18 is success to who pays (section 5.5)


@dataclass
class SnapCourier:
    """The bank as a client of its client; ``service_id`` is what his account numbers begin with."""

    client: HttpClient
    caller: Caller
    service_id: str
    chance: Random = field(default_factory=SystemRandom)
    _token: Token | None = None
    _renewing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def carry(self, tried: Try) -> Carried:
        """Tell of a payment (25)."""
        told = Notification.parse(tried.members)
        request = PaymentRequest(
            identity=Identity.of(told.virtual_account, self.service_id),
            request_id=tried.payment_id.hex,
            trx_id=told.trx_id,
            customer_name=told.customer_name,
            paid_idr=told.payment_amount_idr,
            cumulative_idr=told.cumulative_idr,
            billed_idr=told.trx_amount_idr,
            paid_at=told.paid_at,
            journal_no=told.payment_ntb,
            reference_no=told.payment_ntb,
            advice=tried.repeated,
        )
        body = replies.serialise(request.members())
        if tried.strikes("other_amount"):
            body = damage.other_amount(body, tried.dice("digit"))
        try:
            response = await self._call(messages.PAYMENT, body, tried.now, tried)
        except Unreachable:
            return Carried(False)
        code = _reply(response).code
        return Carried(code is not None and code.kind in _TAKEN, shown(response))

    async def inquire(self, number: str, request_id: str, now: datetime) -> Reply:
        """Ask what a payer of this account would pay (24), and give the client's answer.

        Raises:
            Unreachable: the client did not answer.
            ValueError: it is not a number of this client.
        """
        identity = Identity.of(number, self.service_id)
        body = replies.serialise(InquiryRequest(identity=identity, request_id=request_id).members())
        return _reply(await self._call(messages.INQUIRY, body, now))

    async def _call(
        self, call: Call, body: bytes, now: datetime, tried: Try | None = None
    ) -> Response:
        """Make one call; a token that the client does not know any more is renewed once."""
        token = await self._valid_token(None, now)
        if isinstance(token, Response):
            return token
        response = await self._send(call, body, token, now, tried)
        code = _reply(response).code
        if code is None or code.kind not in sending.TOKEN_REFUSED:
            return response
        renewed = await self._valid_token(token, now)
        if isinstance(renewed, Response):
            return renewed
        return await self._send(call, body, renewed, now, tried)

    async def _send(
        self, call: Call, body: bytes, token: Token, now: datetime, tried: Try | None
    ) -> Response:
        path = call.path(_PREFIX, _VERSION)
        request = Request(call.method, path, body, tried.at if tried else now)
        number = sending.external_id(now, self.chance)
        headers = self.caller.headers(request, token.text, number)
        if tried is not None:
            headers, body = self._damaged(request, token, number, headers, tried)
        return await self.client.request(call.method, path, headers=headers, content=body)

    def _damaged(
        self, request: Request, token: Token, number: str, headers: dict[str, str], tried: Try
    ) -> tuple[dict[str, str], bytes]:
        """Spoil what is signed already; a receiver must find each of these (C10)."""
        body = request.body
        if tried.strikes("wrong_key"):
            stranger = replace(self.caller, client_secret=_WRONG_SECRET)
            headers = stranger.headers(request, token.text, number)
        if tried.strikes("tamper"):
            body = damage.other_amount(body, tried.dice("digit"))
        if tried.strikes("corrupt"):
            body = damage.flipped(body, tried.dice("bit"))
        return headers, body[: len(body) // 2] if tried.strikes("undecodable") else body

    async def _valid_token(self, refused: Token | None, now: datetime) -> Token | Response:
        """Give the client's token, a new one if it is over or refused; else his answer."""
        async with self._renewing:
            held = self._token
            if held is not None and held is not refused and now < held.until:
                return held
            headers = self.caller.token_headers(now)
            body = replies.serialise(messages.TOKEN_REQUEST)
            response = await self.client.request("POST", TOKEN_PATH, headers=headers, content=body)
            reply = _reply(response)
            given = reply.code is not None and reply.code.kind == (200, 0)
            self._token = Token.read(reply.members, now) if given else None
            return self._token or response


def _reply(response: Response) -> Reply:
    try:
        return Reply.parse(response.content)
    except replies.Malformed:
        return Reply(None)
