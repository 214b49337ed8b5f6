"""The simulated bank's door for SNAP: what it checks, in which order, and what it says then."""

from datetime import timedelta
from typing import Any

import pytest

from bank_gateway.snap_line import Line
from bni_protocol import moments
from shared.clock import FrozenClock
from snap_protocol import messages, replies, signing

TOKEN_PATH = "/snap/v1/access-token/b2b"  # an address, no secret
CREATE_PATH = "/snap/v1.0/transfer-va/create-va"
BILL: dict[str, object] = {
    "partnerServiceId": "    8001",
    "customerNo": "000000000001",
    "virtualAccountNo": "    8001000000000001",
    "virtualAccountName": "MAHMUD SULAIMAN",
    "trxId": "T1",
    "totalAmount": {"value": "100000.00", "currency": "IDR"},
    "virtualAccountTrxType": "C",
    "expiredDate": "2027-01-31T23:59:59+07:00",
}


class Program:
    """A merchant's program that can be told to sign wrongly."""

    def __init__(self, client: Any, line: Line, clock: FrozenClock) -> None:
        self.http, self.agreement, self.clock = client.http, line.agreement.caller, clock
        self.given = 0

    async def token(self, **headers: str) -> Any:
        timestamp = headers.pop("timestamp", moments.iso(self.clock.now()))
        text = signing.token_string(self.agreement.client_id, timestamp)
        sent = {
            "X-TIMESTAMP": timestamp,
            "X-CLIENT-KEY": self.agreement.client_id,
            "X-SIGNATURE": signing.sign_asymmetric(text, self.agreement.private_key),
        }
        body = replies.serialise(messages.TOKEN_REQUEST)
        return await self.http.post(TOKEN_PATH, content=body, headers=sent | headers)

    async def call(
        self, body: bytes, *, method: str = "POST", path: str = CREATE_PATH, **headers: str
    ) -> str:
        """Make one signed call and give the bank's code; a header may be replaced or left out."""
        agreement = self.agreement
        token = (await self.token()).json()["accessToken"]
        timestamp = headers.pop("timestamp", moments.iso(self.clock.now()))
        text = signing.string_to_sign(method, path, body, timestamp, token)
        self.given += 1
        sent = {
            "Authorization": f"Bearer {token}",
            "X-TIMESTAMP": timestamp,
            "X-SIGNATURE": signing.sign_symmetric(text, agreement.client_secret),
            "X-PARTNER-ID": agreement.partner_id,
            "X-EXTERNAL-ID": f"{self.given:032d}",
            "CHANNEL-ID": agreement.channel_id,
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value}
        response = await self.http.request(method, path, content=body, headers=kept)
        code = str(response.json()["responseCode"])
        assert code.startswith(str(response.status_code))
        return code


@pytest.fixture
def program(client: Any, line: Line, clock: FrozenClock) -> Program:
    return Program(client, line, clock)


class TestTheTokenService:
    async def test_gives_a_token_for_fifteen_minutes_as_text(self, program: Program) -> None:
        answer = (await program.token()).json()

        assert answer["responseCode"] == "2007300"
        assert (answer["tokenType"], answer["expiresIn"]) == ("Bearer", "900")
        assert len(answer["accessToken"]) >= 32

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({"X-CLIENT-KEY": ""}, "4007302"),
            ({"X-SIGNATURE": ""}, "4007302"),
            ({"timestamp": "2026-11-23 09:00:00"}, "4007301"),
            ({"timestamp": "2026-11-23T08:54:59+07:00"}, "4017300"),
            ({"X-CLIENT-KEY": "SOMEBODY"}, "4017300"),
            ({"X-SIGNATURE": "AAAA"}, "4017300"),
        ],
    )
    async def test_refuses_whom_it_does_not_know(
        self, program: Program, headers: dict[str, str], code: str
    ) -> None:
        answer = await program.token(**headers)

        assert (answer.json()["responseCode"], answer.status_code) == (code, int(code[:3]))
        assert "accessToken" not in answer.json()


class TestATransaction:
    async def test_is_let_in_when_everything_is_right(self, program: Program) -> None:
        assert await program.call(replies.serialise(BILL)) == "2002700"

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({"Authorization": "", "X_SIGNATURE": "x"}, "4012700"),
            ({"X_SIGNATURE": ""}, "4002702"),
            ({"X_PARTNER_ID": ""}, "4002702"),
            ({"X_EXTERNAL_ID": ""}, "4002702"),
            ({"CHANNEL_ID": ""}, "4002702"),
            ({"timestamp": "yesterday", "Authorization": "Bearer x"}, "4002701"),
            ({"Authorization": "Bearer x", "X_SIGNATURE": "x"}, "4012701"),
            ({"X_SIGNATURE": "x"}, "4012700"),
            ({"X_PARTNER_ID": "SOMEBODY"}, "4012700"),
            ({"X_EXTERNAL_ID": "12a"}, "4002701"),
        ],
    )
    async def test_is_checked_in_the_standards_order(
        self, program: Program, headers: dict[str, str], code: str
    ) -> None:
        assert await program.call(b"{}", **headers) == code

    async def test_without_a_token_is_signed_with_the_private_key(
        self, program: Program, client: Any
    ) -> None:
        body, timestamp = replies.serialise(BILL), moments.iso(program.clock.now())
        text = signing.string_to_sign("POST", CREATE_PATH, body, timestamp)
        signature = signing.sign_asymmetric(text, program.agreement.private_key)

        assert await program.call(body, Authorization="", X_SIGNATURE=signature) == "2002700"

    async def test_may_be_spelled_with_spaces_and_escapes(self, program: Program) -> None:
        spelled = replies.serialise(BILL | {"virtualAccountName": "JOSÉ / UCOK"})
        loose = spelled.replace(b",", b" ,\r\n ").replace(b"/", b"\\/")

        assert await program.call(loose) == "2002700"

    async def test_gives_its_number_once_a_day_also_when_it_was_refused(
        self, program: Program, later: Any
    ) -> None:
        assert await program.call(b"{}", X_EXTERNAL_ID="77") == "4002702"
        assert await program.call(replies.serialise(BILL), X_EXTERNAL_ID="77") == "4092700"

        later(days=1)

        assert await program.call(replies.serialise(BILL), X_EXTERNAL_ID="77") == "2002700"

    async def test_burns_no_number_with_a_wrong_signature(self, program: Program) -> None:
        body = replies.serialise(BILL)
        assert await program.call(body, X_EXTERNAL_ID="77", X_SIGNATURE="x") == "4012700"

        assert await program.call(body, X_EXTERNAL_ID="77") == "2002700"

    async def test_ends_with_its_token(self, program: Program, clock: FrozenClock) -> None:
        token = (await program.token()).json()["accessToken"]
        clock.advance(timedelta(seconds=900))

        assert await program.call(b"{}", Authorization=f"Bearer {token}") == "4012701"

    async def test_that_is_no_json_is_a_bad_request(self, program: Program) -> None:
        assert await program.call(b"<xml/>") == "4002700"

    async def test_by_another_method_is_not_allowed(self, program: Program) -> None:
        path = "/snap/v1.0/transfer-va/delete-va"

        assert await program.call(b"{}", path=path) == "4053101"


class TestARequestOfThisKind:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"trxId": ""}, "4002702"),
            ({"virtualAccountName": None}, "4002702"),
            ({"customerNo": "000000000002"}, "4002701"),
            ({"totalAmount": {"value": "100000.50", "currency": "IDR"}}, "4032754"),
            ({"totalAmount": {"value": "100000.00", "currency": "USD"}}, "4032758"),
            ({"totalAmount": {"value": "0.00", "currency": "IDR"}}, "4032753"),
            ({"virtualAccountTrxType": "L"}, "4032756"),
            ({"virtualAccountTrxType": "Z"}, "4002701"),
            ({"expiredDate": "2026-11-22T00:00:00+07:00"}, "4002701"),
            (
                {"partnerServiceId": "    9001", "virtualAccountNo": "    9001000000000001"},
                "4042711",
            ),
        ],
    )
    async def test_create_is_refused_with_its_code(
        self, program: Program, change: dict[str, object], code: str
    ) -> None:
        assert await program.call(replies.serialise(BILL | change)) == code

    async def test_create_without_a_number_gets_one(self, program: Program, client: Any) -> None:
        chosen = {k: v for k, v in BILL.items() if k not in {"customerNo", "virtualAccountNo"}}

        assert await program.call(replies.serialise(chosen)) == "2002700"
        (billing,) = (await client.http.get("/simulate/billings")).json()
        assert billing["virtual_account"] == "8001261123090001"

    async def test_a_report_may_be_fetched_and_posted(self, program: Program) -> None:
        path = "/snap/v1.0/transfer-va/report"
        body = replies.serialise(
            messages.report_request("8001", program.clock.now(), program.clock.now())
        )

        assert await program.call(body, path=path) == "2003500"
        assert await program.call(body, path=path, method="GET") == "2003500"

    async def test_what_the_merchant_asked_is_on_record(
        self, program: Program, client: Any
    ) -> None:
        await program.call(replies.serialise(BILL))

        asked = (await client.http.get("/simulate/requests")).json()
        assert [(each["operation"], each["trx_id"], each["status"]) for each in asked] == [
            ("access-token", "", "2007300"),
            ("create-va", "T1", "2002700"),
        ]
