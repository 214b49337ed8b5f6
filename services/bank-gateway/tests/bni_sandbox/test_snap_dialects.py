"""The SNAP adapter before banks that spell their answers otherwise, or not at all."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bank_gateway.domain.bank import Inquiry
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing
from shared.http import HttpClient
from snap_protocol import signing

NUMBER = "8001000000000001"
IDENTITY = {
    "partnerServiceId": "8001",
    "customerNo": "000000000001",
    "virtualAccountNo": NUMBER,
}
OPENED = datetime(2026, 11, 1, tzinfo=UTC)
QUESTION = Inquiry("T1", NUMBER, since=OPENED)
TOKEN = {"responseCode": "2007300", "accessToken": "t", "tokenType": "Bearer", "expiresIn": 900}


def money(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": "IDR"}


def account(kind: str, paid_at: str | None = None, **more: object) -> dict[str, object]:
    facts = {**IDENTITY, "trxId": "T1", "totalAmount": money(100_000)}
    facts |= {"virtualAccountTrxType": kind, "paymentDate": paid_at}
    return {"responseCode": 2003000, "virtualAccountData": {**facts, **more}}


def row(paid_at: str, amount_idr: int, reference: str, **more: object) -> dict[str, object]:
    facts = {**IDENTITY, "trxDateTime": paid_at, "paidAmount": money(amount_idr)}
    return {**facts, "referenceNo": reference, **more}


def report(*rows: dict[str, object], name: str = "virtualAccountData") -> dict[str, object]:
    return {"responseCode": "2003500", name: list(rows)}


class Dialect(httpx.AsyncBaseTransport):
    """Answers each service with what the test says, and remembers what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Any]] = {"b2b": [TOKEN]}
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        self.requests.append(request)
        self.asked.append((name, json.loads(await request.aread())))
        planned = self.answers[name]
        answer = planned.pop(0) if len(planned) > 1 else planned[0]
        if isinstance(answer, httpx.Response):
            return answer
        http = int(str(answer["responseCode"])[:3])
        return httpx.Response(http, json=answer)


@pytest.fixture
def dialect(line: Line) -> Dialect:
    made = Dialect()
    line.client = HttpClient("http://bank", made)
    return made


@pytest.fixture
def bank(line: Line, dialect: Dialect) -> Snap:
    return Snap(line)


class TestMoneyWithoutARunningTotal:
    async def test_is_added_up_over_all_that_was_ever_paid(
        self, bank: Snap, dialect: Dialect
    ) -> None:
        first = row("2026-11-10T10:00:00+07:00", 20_000, "100")
        last = row("2026-11-20T10:00:00+07:00", 30_000, "200")
        dialect.answers["inquiry-va"] = [account("I", "2026-11-20T10:00:00+07:00")]
        dialect.answers["report"] = [report(last), report(last, first)]

        state = (await bank.inquire(QUESTION)).state

        assert state is not None
        assert (state.paid_idr, state.payment_ntb, state.active) == (50_000, "200", True)
        near, whole = (body for name, body in dialect.asked if name == "report")
        assert (near["startDate"], near["startTime"]) == ("2026-11-20", "09:59")
        assert (near["endDate"], near["endTime"]) == ("2026-11-20", "10:01")
        assert (whole["startDate"], whole["startTime"]) == ("2026-11-01", "06:55")

    async def test_is_not_known_of_a_billing_that_we_never_registered(
        self, bank: Snap, dialect: Dialect
    ) -> None:
        dialect.answers["inquiry-va"] = [account("I", "2026-11-20T10:00:00+07:00")]
        dialect.answers["report"] = [report(row("2026-11-20T10:00:00+07:00", 30_000, "200"))]

        outcome = await bank.inquire(replace(QUESTION, since=None))

        assert (outcome.answer, outcome.state) == (Answer.LATER, None)

    @pytest.mark.parametrize("spelling", ["virtualAccountData", "virtualAccountdata"])
    async def test_of_an_account_paid_once_is_its_only_row(
        self, bank: Snap, dialect: Dialect, spelling: str
    ) -> None:
        """This bank has no service 26."""
        only = row("2026-11-20T10:00:00+07:00", 100_000, "200", trxId="T1")
        dialect.answers["inquiry-va"] = [account("C", "2026-11-20T10:00:00+07:00")]
        dialect.answers["status"] = [{"responseCode": "4052600"}]
        dialect.answers["report"] = [report(only, name=spelling)]

        state = (await bank.inquire(replace(QUESTION, since=None))).state

        assert state is not None
        assert (state.paid_idr, state.payment_ntb, state.active) == (100_000, "200", False)

    async def test_of_others_is_not_ours_and_a_refused_payment_is_none(
        self, bank: Snap, dialect: Dialect
    ) -> None:
        stranger = row("nonsense", 1, "1", virtualAccountNo="8001000000000002")
        refused = row("2026-11-20T10:00:00+07:00", 70_000, "2", paymentFlagStatus="01")
        taken = row("2026-11-20T10:00:00+07:00", 30_000, "3", paymentFlagStatus="00")
        dialect.answers["inquiry-va"] = [account("I", "2026-11-20T10:00:00+07:00")]
        dialect.answers["report"] = [report(stranger, refused, taken)]

        state = (await bank.inquire(QUESTION)).state

        assert state is not None
        assert (state.paid_idr, state.payment_ntb) == (30_000, "3")


class TestAnAnswerThatIsNone:
    @pytest.mark.parametrize(
        ("answer", "no_effect"),
        [
            (httpx.Response(504, text="<html>Gateway Time-out</html>"), False),
            (httpx.Response(200, text="OK"), False),
            (httpx.Response(200, json=["2002700"]), False),
            (httpx.Response(200, json={"responseMessage": "Successful"}), False),
            (httpx.Response(500, json={"responseCode": "2002700"}), False),
            (httpx.Response(200, json={"responseCode": "2007300"}), False),
            (httpx.Response(429, text="slow down"), True),
            (httpx.Response(401, text="who are you"), True),
        ],
    )
    async def test_leaves_a_creation_open(
        self, bank: Snap, dialect: Dialect, answer: httpx.Response, no_effect: bool
    ) -> None:
        dialect.answers["create-va"] = [answer]
        bill = Billing(
            trx_id="T1", trx_amount_idr=100_000, customer_name="M", virtual_account=NUMBER,
            expires_at=OPENED + timedelta(days=90),
        )  # fmt: skip

        outcome = await bank.create(bill)

        assert (outcome.answer, outcome.status) == (Answer.LATER, "")
        assert outcome.no_effect == no_effect

    @pytest.mark.parametrize(
        "change",
        [
            {"trxId": "T2"},
            {"virtualAccountNo": "8001000000000002", "customerNo": "000000000002"},
            {"totalAmount": {"value": "100000.50", "currency": "IDR"}},
            {"paymentDate": "yesterday"},
            {"virtualAccountNo": None},
        ],
    )
    async def test_is_one_about_another_account_or_in_no_readable_form(
        self, bank: Snap, dialect: Dialect, change: dict[str, object]
    ) -> None:
        dialect.answers["inquiry-va"] = [account("C", **change)]

        outcome = await bank.inquire(QUESTION)

        assert (outcome.answer, outcome.state, outcome.not_found) == (Answer.LATER, None, False)

    @pytest.mark.parametrize("life", ["0", "-5", "soon", None])
    async def test_of_the_token_service_is_no_token_for_longer_than_this_call(
        self, bank: Snap, dialect: Dialect, life: object
    ) -> None:
        dialect.answers["b2b"] = [TOKEN | {"expiresIn": life}]
        dialect.answers["inquiry-va"] = [account("C")]

        await bank.inquire(QUESTION)
        await bank.inquire(QUESTION)

        assert [name for name, _ in dialect.asked].count("b2b") == 2


async def test_the_path_that_is_signed_is_the_path_that_is_called(
    bank: Snap, line: Line, dialect: Dialect
) -> None:
    """The address of the bank may have a path of its own."""
    line.base_url = "http://bank/partner"
    line.client = HttpClient(line.base_url, dialect)
    dialect.answers["inquiry-va"] = [account("C")]

    outcome = await bank.inquire(QUESTION)

    assert outcome.state is not None
    request = dialect.requests[-1]
    assert request.url.path == "/partner/snap/v1.0/transfer-va/inquiry-va"
    text = signing.string_to_sign(
        "POST", request.url.path, request.content, request.headers["X-TIMESTAMP"], "t"
    )
    signature = request.headers["X-SIGNATURE"]
    assert signing.verify_symmetric(text, line.agreement.caller.client_secret, signature)
