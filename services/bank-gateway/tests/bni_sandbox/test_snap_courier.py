"""How the simulated bank tells its client of payments over SNAP (25), and asks him (24)."""

import json
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from bni_sandbox.domain import damage
from bni_sandbox.main import build_app, build_sandbox
from bni_sandbox.settings import Settings
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.http import HttpClient
from snap_protocol import replies, signing
from snap_protocol.codes import Service
from snap_protocol.fields import InvalidToken, SnapProblem, Unauthorized
from snap_protocol.messages import InquiryRequest, PaymentRequest
from snap_protocol.receiving import Signed, TokenRequest
from snap_protocol.signing import RSA_BITS_MIN

BANK_SECRET = "what the client gave the bank to sign with"
SECONDS = 900


@dataclass
class SnapMerchant(httpx.AsyncBaseTransport):
    """A client of the bank: checks what it is told as the standard asks, and answers."""

    clock: FrozenClock
    bank_key: RSAPrivateKey
    tokens: list[str] = field(default_factory=list)
    told: list[PaymentRequest] = field(default_factory=list)
    numbers: set[tuple[date, str]] = field(default_factory=set)
    refusals: list[str] = field(default_factory=list)
    answer: tuple[int, int] = (200, 0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        name = request.url.path.rpartition("/")[2]
        service = {"b2b": Service.TOKEN, "payment": Service.PAYMENT, "inquiry": Service.INQUIRY}
        try:
            http, members = await self._served(request, body, name)
        except SnapProblem as problem:
            self.refusals.append(f"{problem.http} {problem.name}")
            http, members = replies.reply(problem.http, service[name], problem.case)
        return httpx.Response(http, json=members)

    async def _served(
        self, request: httpx.Request, body: bytes, name: str
    ) -> tuple[int, dict[str, object]]:
        now = self.clock.now()
        if name == "b2b":
            asked = TokenRequest.read(request.headers.get, now)
            text = signing.token_string(asked.client_id, asked.timestamp)
            assert signing.verify_asymmetric(text, self.bank_key.public_key(), asked.signature)
            self.tokens.append(f"token-{len(self.tokens)}")
            life = {"accessToken": self.tokens[-1], "expiresIn": str(SECONDS)}
            return replies.reply(200, Service.TOKEN, 0, "", **life)
        self._check(request, body)
        members = replies.parse_object(body)
        if name == "inquiry":
            wanted = InquiryRequest.parse(members)
            data = {**wanted.identity.members(), "inquiryRequestId": wanted.request_id}
            return replies.reply(200, Service.INQUIRY, 0, "", virtualAccountData=data)
        self.told.append(PaymentRequest.parse(members))
        return replies.reply(self.answer[0], Service.PAYMENT, self.answer[1])

    def _check(self, request: httpx.Request, body: bytes) -> None:
        now, target = self.clock.now(), request.url.raw_path.decode()
        signed = Signed.read(request.method, target, body, request.headers.get, now)
        if signed.token != self.tokens[-1]:
            raise InvalidToken("token")
        if not signing.verify_symmetric(signed.text, BANK_SECRET, signed.signature):
            raise Unauthorized("signature")
        assert (signed.day, signed.external_id) not in self.numbers
        self.numbers.add((signed.day, signed.external_id))


@pytest.fixture(scope="session")
def bank_key() -> RSAPrivateKey:
    return rsa.generate_private_key(65537, RSA_BITS_MIN)


@pytest.fixture
def merchant(clock: FrozenClock, bank_key: RSAPrivateKey) -> SnapMerchant:
    return SnapMerchant(clock, bank_key)


@pytest.fixture
def sandbox(
    settings: Settings, sessions: Sessions, merchant: SnapMerchant, bank_key: RSAPrivateKey
) -> Any:
    snap = Settings(
        **settings.model_dump()
        | {
            "protocol": "snap",
            "snap_bank_client_id": "BANK",
            "snap_bank_client_secret": BANK_SECRET,
            "snap_bank_private_key": private_pem(bank_key),
        }
    )
    return build_sandbox(snap, sessions, HttpClient("http://merchant", merchant))


def private_pem(key: RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


async def paid(client: Any, amount_idr: int = 100_000, **faults: Any) -> Any:
    number = (await client.create())[1]["virtual_account"]
    await client.faults(**faults)
    return (await client.pay(number, amount_idr)).json()


async def sent_again(sandbox: Any, clock: FrozenClock) -> None:
    clock.advance(timedelta(minutes=10))
    await sandbox.sender.step()


class TestAPayment:
    async def test_is_told_after_a_token_was_asked_for(
        self, client: Any, merchant: SnapMerchant, clock: FrozenClock
    ) -> None:
        answer = await paid(client)

        (told,) = merchant.told
        assert answer["callback"] == "delivered"
        assert told.identity.number == "8001261123090001"
        assert told.identity.partner_service_id == "    8001"
        assert (told.trx_id, told.customer_name) == ("T1", "MAHMUD SULAIMAN")
        assert (told.paid_idr, told.cumulative_idr, told.billed_idr) == (100_000, 100_000, 100_000)
        assert (told.journal_no, told.paid_at) == (answer["payment_ntb"], clock.now())
        assert not told.advice
        assert len(merchant.tokens) == 1

    async def test_uses_one_token_for_many(self, client: Any, merchant: SnapMerchant) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        for _ in range(3):
            await client.pay(number, 10_000)

        assert [told.cumulative_idr for told in merchant.told] == [10_000, 20_000, 30_000]
        assert len({told.request_id for told in merchant.told}) == 3
        assert len(merchant.tokens) == 1

    async def test_goes_again_at_once_when_the_token_is_not_known(
        self, client: Any, merchant: SnapMerchant
    ) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await client.pay(number, 10_000)
        merchant.tokens.append("the merchant has forgotten the other one")

        answer = (await client.pay(number, 10_000)).json()

        assert answer["callback"] == "delivered"
        assert merchant.refusals == ["401 token"]

    @pytest.mark.parametrize("refusal", [(500, 0), (504, 0), (404, 12), (202, 0)])
    async def test_is_repeated_as_advice_under_its_own_id_until_it_is_taken(
        self, client: Any, merchant: SnapMerchant, sandbox: Any, clock: FrozenClock,
        refusal: tuple[int, int],
    ) -> None:  # fmt: skip
        merchant.answer = refusal
        answer = await paid(client)
        merchant.answer = (200, 0)

        await sent_again(sandbox, clock)

        first, second = merchant.told
        assert answer["callback"] == "failed"
        assert (first.advice, second.advice) == (False, True)
        assert first.request_id == second.request_id
        (payment,) = (await client.http.get("/simulate/payments")).json()
        assert payment["notifications"][0]["state"] == "delivered"

    async def test_is_taken_with_404_18_too(self, client: Any, merchant: SnapMerchant) -> None:
        """The standard lets a payer treat it as success, so a merchant must not refuse with it."""
        merchant.answer = (404, 18)

        assert (await paid(client))["callback"] == "delivered"

    async def test_that_is_told_again_on_request_is_advice(
        self, client: Any, merchant: SnapMerchant, sandbox: Any
    ) -> None:
        payment = (await paid(client))["payment_id"]

        await client.http.post(f"/simulate/payments/{payment}/notify", json={"times": 1})
        await sandbox.sender.step()

        assert [told.advice for told in merchant.told] == [False, True]


class TestFaults:
    async def test_a_duplicate_is_marked_as_advice(
        self, client: Any, merchant: SnapMerchant
    ) -> None:
        await paid(client, duplicate=1)

        first, second = merchant.told
        assert (first.advice, second.advice) == (False, True)
        assert first.request_id == second.request_id

    @pytest.mark.parametrize(
        ("fault", "refusal"),
        [
            ("tamper", "401 signature"),
            ("wrong_key", "401 signature"),
            ("undecodable", "401 signature"),
            ("corrupt", "401 signature"),
            ("old_timestamp", "401 X-TIMESTAMP"),
        ],
    )
    async def test_c10_a_spoiled_message_is_found_out_and_then_comes_whole(
        self, client: Any, merchant: SnapMerchant, sandbox: Any, clock: FrozenClock,
        fault: str, refusal: str,
    ) -> None:  # fmt: skip
        answer = await paid(client, **{fault: 1, "seed": 3})
        await client.faults()

        await sent_again(sandbox, clock)

        assert (answer["callback"], merchant.refusals) == ("failed", [refusal])
        assert [told.paid_idr for told in merchant.told] == [100_000]

    def test_tampering_changes_the_amount_and_nothing_else(self) -> None:
        dice = Random(1)
        body = replies.serialise({"paidAmount": {"value": "100000.00", "currency": "IDR"}})

        changed = json.loads(damage.other_amount(body, dice))

        assert changed["paidAmount"]["currency"] == "IDR"
        assert changed["paidAmount"]["value"] != "100000.00"
        assert changed["paidAmount"]["value"].endswith(".00")

    async def test_a_dropped_one_never_arrives(self, client: Any, merchant: SnapMerchant) -> None:
        assert (await paid(client, drop=1))["callback"] == "withheld"
        assert merchant.told == []


class TestAnInquiry:
    async def test_asks_the_client_what_a_payer_would_pay(
        self, client: Any, merchant: SnapMerchant
    ) -> None:
        body = {"virtual_account": "8001000000000077"}

        answer = (await client.http.post("/simulate/inquire", json=body)).json()

        assert answer["responseCode"] == "2002400"
        assert answer["virtualAccountData"]["virtualAccountNo"] == "    8001000000000077"

    async def test_about_a_number_of_somebody_else_is_not_made(self, client: Any) -> None:
        body = {"virtual_account": "9001000000000077"}

        assert (await client.http.post("/simulate/inquire", json=body)).status_code == 404


async def test_over_ecollection_there_is_nobody_to_ask(
    settings: Settings, sessions: Sessions
) -> None:
    plain = build_sandbox(settings, sessions, HttpClient("http://merchant"))
    transport = httpx.ASGITransport(build_app(plain))
    async with httpx.AsyncClient(transport=transport, base_url="http://bank") as http:
        answer = await http.post("/simulate/inquire", json={"virtual_account": "8001000000000077"})

    assert answer.status_code == 409
    assert "BNI_PROTOCOL=snap" in answer.json()["detail"]


@pytest.mark.parametrize("missing", ["snap_bank_private_key", "snap_partner_public_key"])
def test_p4_it_does_not_start_for_snap_without(settings: Settings, missing: str) -> None:
    with pytest.raises(ValueError, match="BNI_PROTOCOL=snap needs"):
        Settings(**settings.model_dump() | {"protocol": "snap", missing: ""})
