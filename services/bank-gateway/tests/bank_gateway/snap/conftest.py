"""The bank as SNAP BI lets it speak to us: signed requests to the door of a bank-gateway."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from bank_gateway.settings import Settings
from bni_protocol import moments
from shared.clock import FrozenClock
from snap_protocol import signing

FILE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors" / "snap-bi.json").read_text()
)
BANK_ID, BANK_SECRET = "BNI-AT-LUNAS", "kunci-rahasia-dari-kami-untuk-bank-itu"
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
    external_ids: list[int] = field(default_factory=list)

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


def _named(headers: dict[str, str | None]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items() if value is not None}


@pytest.fixture
def settings(settings_of: Callable[..., Settings]) -> Settings:
    return settings_of(
        snap_bank_client_id=BANK_ID,
        snap_bank_client_secret=BANK_SECRET,
        snap_bank_public_key=FILE["rsa_public_key_pem"],
    )


@pytest.fixture
def snap(bench: Any) -> SnapBank:
    return SnapBank(bench.http, bench.clock)
