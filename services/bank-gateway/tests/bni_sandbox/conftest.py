"""A sandbox on a fresh database, called as a merchant's program calls it."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bank_gateway.snap_line import Agreement, Line
from bni_protocol import envelope
from bni_protocol.cipher import Key, decrypt
from bni_sandbox.api.context import Sandbox
from bni_sandbox.main import build_app, build_sandbox
from bni_sandbox.settings import Settings
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.http import HttpClient
from snap_protocol.sending import Caller
from snap_protocol.signing import RSA_BITS_MIN

CLIENT_ID, SECRET, PREFIX = "001", "ea0c88921fb033387e66ef7d1e82ab83", "8"
KEY = Key(CLIENT_ID, SECRET)
SNAP = {
    "partner_id": "PARTNER-1",
    "client_id": "CLIENT-1",
    "channel_id": "95231",
    "client_secret": "a client secret of the simulated bank",
}


class Merchant:
    """The receiver of notifications: opens each, and answers what the test says."""

    def __init__(self, clock: FrozenClock) -> None:
        self._clock = clock
        self.bodies: list[dict[str, str]] = []
        self.answers: list[httpx.Response] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.bodies.append(json.loads(request.content))
        return self.answers.pop(0) if self.answers else httpx.Response(200, json={"status": "000"})

    def received(self, number: int = -1) -> dict[str, object]:
        return decrypt(self.bodies[number]["data"], KEY, int(self._clock.now().timestamp()))


class Client:
    """A merchant's program: seals requests, opens answers."""

    def __init__(self, sandbox: Sandbox, clock: FrozenClock) -> None:
        transport = httpx.ASGITransport(build_app(sandbox))
        self.http = httpx.AsyncClient(transport=transport, base_url="http://bank")
        self._clock = clock

    async def ask(self, members: dict[str, Any], key: Key = KEY) -> tuple[str, dict[str, Any]]:
        """Send one request and give (status, members of the answer)."""
        headers = {"Content-Type": "application/json"}
        response = await self.http.post("/", content=self.sealed(members, key), headers=headers)
        reply = envelope.parse_reply(response.content, KEY, int(self._clock.now().timestamp()))
        return reply.status, dict(reply.members)

    def sealed(self, members: dict[str, Any], key: Key = KEY) -> bytes:
        now = int(self._clock.now().timestamp())
        return envelope.seal({"client_id": CLIENT_ID, **members}, key, now, PREFIX)

    async def create(self, trx_id: str = "T1", **changes: Any) -> tuple[str, dict[str, Any]]:
        return await self.ask(self.creation(trx_id, **changes))

    def creation(self, trx_id: str = "T1", **changes: Any) -> dict[str, Any]:
        members = {
            "type": "createbilling",
            "trx_id": trx_id,
            "trx_amount": "100000",
            "billing_type": "c",
            "customer_name": "MAHMUD SULAIMAN",
        }
        return {**members, **changes}

    async def pay(self, number: str, amount_idr: int) -> httpx.Response:
        body = {"virtual_account": number, "amount_idr": amount_idr}
        return await self.http.post("/simulate/pay", json=body)

    async def faults(self, **faults: Any) -> None:
        response = await self.http.put("/simulate/faults", json=faults)
        assert response.status_code == 200, response.text


@pytest.fixture(scope="session")
def service_folder() -> Path:
    return Path(__file__).parents[2] / "migrations" / "bni_sandbox"


@pytest.fixture
def merchant(clock: FrozenClock) -> Merchant:
    return Merchant(clock)


@pytest.fixture(scope="session")
def partner_key() -> RSAPrivateKey:
    """The merchant's own key for SNAP."""
    return rsa.generate_private_key(65537, RSA_BITS_MIN)


@pytest.fixture
def settings(common_settings: dict[str, Any], partner_key: RSAPrivateKey) -> Settings:
    return Settings(
        **common_settings,
        client_id=CLIENT_ID,
        secret_key=SECRET,
        prefix=PREFIX,
        snap_partner_id=SNAP["partner_id"],
        snap_client_id=SNAP["client_id"],
        snap_client_secret=SNAP["client_secret"],
        snap_partner_public_key=public_pem(partner_key),
    )


def public_pem(key: RSAPrivateKey) -> str:
    encoding, kind = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(encoding, kind).decode()


@pytest.fixture
def line(sandbox: Sandbox, clock: FrozenClock, partner_key: RSAPrivateKey) -> Line:
    """A merchant's line to the bank over SNAP, as the bank-gateway has it."""
    agreement = Agreement(
        Caller(private_key=partner_key, **SNAP),
        service_id=PREFIX + CLIENT_ID,
        token_path="/snap/v1/access-token/b2b",  # an address, no secret
        path_prefix="/snap",
        version="v1.0",
    )
    client = HttpClient("http://bank", httpx.ASGITransport(build_app(sandbox)))
    return Line(client, "http://bank", agreement, clock, Random(7))


@pytest.fixture
def sandbox(settings: Settings, sessions: Sessions, merchant: Merchant) -> Sandbox:
    transport = httpx.MockTransport(merchant)
    return build_sandbox(settings, sessions, HttpClient("http://merchant", transport))


@pytest.fixture
async def client(sandbox: Sandbox, clock: FrozenClock) -> AsyncIterator[Client]:
    made = Client(sandbox, clock)
    yield made
    await made.http.aclose()


@pytest.fixture
def later(clock: FrozenClock) -> Any:
    """``later(minutes=5)`` moves the clock."""
    return lambda **amounts: clock.advance(timedelta(**amounts))
