"""Who says to our callback what he likes, as only the bank should be able to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from random import Random
from typing import Any, Protocol

from bni_protocol import envelope
from bni_protocol.cipher import Key
from bni_protocol.fields import Notification
from shared.clock import Clock
from shared.http import HttpClient, Response
from snap_protocol import messages, replies, sending
from snap_protocol.fields import Identity
from snap_protocol.messages import PaymentRequest
from snap_protocol.sending import Caller, Request
from snap_protocol.signing import private_key

TOKEN_PATH = "/snap/v1.0/access-token/b2b"
PAYMENT_PATH = messages.PAYMENT.path("/snap", "v1.0")


class Teller(Protocol):
    """Tells of a payment in one of the protocols."""

    async def tell(self, notice: Notification, request_id: str) -> bool:
        """Tell whether we said that we took it."""
        ...


@dataclass(frozen=True)
class Cipherer:
    """Knows the key of eCollection, which proves nothing (C4)."""

    door: HttpClient
    key: Key
    clock: Clock

    async def tell(self, notice: Notification, request_id: str) -> bool:
        sealed = envelope.seal(notice.members(), self.key, int(self.clock.now().timestamp()))
        answer = await self.door.request("POST", "/bni/ecollection/callback", content=sealed)
        return bool(answer.json()["status"] == "000")


@dataclass(frozen=True)
class Signer:
    """Has the bank's own keys of SNAP BI, so whatever he says is the bank's word (C10)."""

    door: HttpClient
    caller: Caller
    clock: Clock
    service_id: str
    dice: Random

    async def tell(self, notice: Notification, request_id: str) -> bool:
        answer = await self.send(self.body(notice, request_id), self.number())
        return str(answer.json()["responseCode"]) == "2002500"

    def number(self) -> str:
        """Make an ``X-EXTERNAL-ID`` that was never used."""
        return sending.external_id(self.clock.now(), self.dice)

    def body(self, notice: Notification, request_id: str) -> bytes:
        request = PaymentRequest(
            identity=Identity.of(notice.virtual_account, self.service_id),
            request_id=request_id,
            trx_id=notice.trx_id,
            customer_name=notice.customer_name,
            paid_idr=notice.payment_amount_idr,
            cumulative_idr=notice.cumulative_idr,
            billed_idr=notice.trx_amount_idr,
            paid_at=notice.paid_at,
            journal_no=notice.payment_ntb,
            reference_no=notice.payment_ntb,
            advice=False,
        )
        return replies.serialise(request.members())

    async def send(self, body: bytes, number: str, *, secret: str | None = None) -> Response:
        """Sign a payment under a number; with another secret he is not the bank."""
        now = self.clock.now()
        caller = self.caller if secret is None else replace(self.caller, client_secret=secret)
        asked = await self.door.request(
            "POST",
            TOKEN_PATH,
            headers=caller.token_headers(now),
            content=replies.serialise(messages.TOKEN_REQUEST),
        )
        token = str(asked.json()["accessToken"])
        headers = caller.headers(Request("POST", PAYMENT_PATH, body, now), token, number)
        return await self.door.request("POST", PAYMENT_PATH, headers=headers, content=body)


def make_teller(bank: dict[str, Any], door: HttpClient, clock: Clock) -> Teller:
    """Give who knows what the bank knows; ``bank`` are its settings."""
    if "snap_bank_private_key" not in bank:
        return Cipherer(door, Key(bank["client_id"], bank["secret_key"]), clock)
    caller = Caller(
        client_id=bank["snap_bank_client_id"],
        partner_id=bank["snap_partner_id"],
        channel_id="95051",
        client_secret=bank["snap_bank_client_secret"],
        private_key=private_key(bank["snap_bank_private_key"]),
    )
    return Signer(door, caller, clock, bank["prefix"] + bank["client_id"], Random())
