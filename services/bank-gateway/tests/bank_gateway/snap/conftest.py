"""The bank as SNAP BI lets it speak to us: signed requests to the door of a bank-gateway."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bank_gateway.models import VirtualAccount
from bank_gateway.settings import Settings
from bni_protocol import moments
from shared.clock import FrozenClock
from snap_protocol import signing

FILE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "snap-bi.json").read_text()
)
BANK_ID, BANK_SECRET = "BNI-AT-LUNAS", "kunci-rahasia-dari-kami-untuk-bank-itu"
PAID_AT = "2026-11-23T09:00:00+07:00"
TOKEN_PATH = "/snap/v1.0/access-token/b2b"
INQUIRY_PATH = "/snap/v1.0/transfer-va/inquiry"
PAYMENT_PATH = "/snap/v1.0/transfer-va/payment"


@dataclass
class SnapBank:
    """Signs and sends what the bank would; each part can be spoiled."""

    http: httpx.AsyncClient
    clock: FrozenClock
    secret: str = BANK_SECRET
    private_key: str = FILE["rsa_private_key_pem"]
    sent: int = 0

    def timestamp(self) -> str:
        return moments.iso(self.clock.now())

    async def ask_token(
        self, body: bytes = b'{"grantType":"client_credentials"}', **headers: str | None
    ) -> httpx.Response:
        """Ask for a token; ``X_TIMESTAMP`` and the like replace a header, None leaves it out."""
        client_id = headers.get("X_CLIENT_KEY", BANK_ID) or ""
        timestamp = headers.get("X_TIMESTAMP", self.timestamp()) or ""
        key = signing.private_key(self.private_key)
        text = signing.token_string(client_id, timestamp)
        given = {
            "X_CLIENT_KEY": client_id,
            "X_TIMESTAMP": timestamp,
            "X_SIGNATURE": signing.sign_asymmetric(text, key),
        } | headers
        return await self.http.post(TOKEN_PATH, content=body, headers=_named(given))

    async def token(self) -> str:
        return str((await self.ask_token()).json()["accessToken"])

    async def inquire(self, number: str, **changes: Any) -> httpx.Response:
        members = {**identity(number), "inquiryRequestId": "TANYA-1"} | changes
        return await self.call(INQUIRY_PATH, json.dumps(members).encode())

    def identity(self, number: str, service_id: str) -> dict[str, str]:
        return identity(number, service_id)

    def payment(self, account: VirtualAccount, **changes: Any) -> dict[str, Any]:
        """The members of a payment of all that an account asks for; None leaves one out."""
        members = {
            **identity(account.account_number),
            "virtualAccountName": account.holder_name.upper(),
            "trxId": account.trx_id,
            "paymentRequestId": "BAYAR-1",
            "paidAmount": rupiah(account.amount_idr),
            "totalAmount": rupiah(account.amount_idr),
            "trxDateTime": PAID_AT,
            "referenceNo": "REF-20261123-000000000000001",
            "journalNum": "012345",
        } | changes
        return {name: value for name, value in members.items() if value is not None}

    async def pay(self, members: dict[str, Any], **headers: str | None) -> httpx.Response:
        return await self.call(PAYMENT_PATH, json.dumps(members).encode(), **headers)

    async def told(self, members: dict[str, Any], **headers: str | None) -> str:
        answer = await self.pay(members, **headers)
        code = str(answer.json()["responseCode"])
        assert str(answer.status_code) == code[:3]
        return code

    async def call(
        self,
        path: str,
        body: bytes,
        *,
        signed_body: bytes | None = None,
        signed_path: str | None = None,
        token: str | None = None,
        **headers: str | None,
    ) -> httpx.Response:
        """Sign with a token (type 1) and send; ``signed_*`` is what the signature covers."""
        timestamp = headers.get("X_TIMESTAMP", self.timestamp()) or ""
        token = token or await self.token()
        text = signing.string_to_sign(
            "POST", signed_path or path, body if signed_body is None else signed_body,
            timestamp, token,
        )  # fmt: skip
        proof = {
            "AUTHORIZATION": f"Bearer {token}",
            "X_SIGNATURE": signing.sign_symmetric(text, self.secret),
        }
        return await self._send(path, body, timestamp, proof | headers)

    async def call_without_token(self, path: str, body: bytes, **headers: str) -> httpx.Response:
        """Sign with the bank's private key (type 2) and send."""
        timestamp = self.timestamp()
        text = signing.string_to_sign("POST", path, body, timestamp)
        key = signing.private_key(self.private_key)
        proof = {"X_SIGNATURE": signing.sign_asymmetric(text, key)}
        return await self._send(path, body, timestamp, proof | headers)

    async def _send(
        self, path: str, body: bytes, timestamp: str, headers: Mapping[str, str | None]
    ) -> httpx.Response:
        self.sent += 1
        common = {
            "X_TIMESTAMP": timestamp,
            "X_PARTNER_ID": "LUNAS",
            "X_EXTERNAL_ID": str(self.sent).zfill(20),
            "CHANNEL_ID": "95051",
        }
        return await self.http.post(path, content=body, headers=_named(common | headers))


def rupiah(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": "IDR"}


def identity(number: str, service_id: str = "8001") -> dict[str, str]:
    """The three fields that name an account, padded as the standard asks."""
    padded = service_id.rjust(8)
    rest = number.removeprefix(service_id)
    return {
        "partnerServiceId": padded,
        "customerNo": rest,
        "virtualAccountNo": padded + rest,
    }


def _named(headers: Mapping[str, str | None]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items() if value is not None}


@pytest.fixture
def settings(settings_of: Callable[..., Settings]) -> Settings:
    return settings_of(
        snap_partner_id="LUNAS",
        snap_bank_client_id=BANK_ID,
        snap_bank_client_secret=BANK_SECRET,
        snap_bank_public_key=FILE["rsa_public_key_pem"],
    )


@pytest.fixture
def snap(bench: Any) -> SnapBank:
    return SnapBank(bench.http, bench.clock)
