"""The bank-gateway's SNAP adapter against the simulated bank: what its answers come out as."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from bank_gateway.domain.bank import Inquiry, Outcome
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Line
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingType
from bni_sandbox.api.context import Sandbox
from shared.clock import FrozenClock
from shared.http import HttpClient
from snap_protocol import messages
from snap_protocol.codes import MESSAGES

NUMBER = "8001000000000001"
BILL = Billing(
    trx_id="T1",
    trx_amount_idr=100_000,
    customer_name="MAHMUD SULAIMAN",
    virtual_account=NUMBER,
    expires_at=datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC),
    description="INV/2026/11/000001",
)
INSTALLMENTS = replace(BILL, billing_type=BillingType.INSTALLMENT)


@pytest.fixture
def bank(line: Line) -> Snap:
    return Snap(line)


@pytest.fixture
def question(clock: FrozenClock) -> Inquiry:
    return Inquiry("T1", NUMBER, since=clock.now())


async def asked(client: Any) -> list[str]:
    """What the bank was asked and told, tokens apart."""
    requests = (await client.http.get("/simulate/requests")).json()
    told = [f"{each['operation']} {each['status']}" for each in requests]
    return [each for each in told if not each.startswith("access-token")]


def told(outcome: Outcome) -> tuple[Answer, str]:
    return outcome.answer, outcome.status


class TestAnAccount:
    async def test_is_created_with_everything_that_was_said(self, bank: Snap, client: Any) -> None:
        outcome = await bank.create(BILL)

        assert told(outcome) == (Answer.DONE, "2002700")
        assert outcome.virtual_account == NUMBER
        (kept,) = (await client.http.get("/simulate/billings")).json()
        assert (kept["trx_id"], kept["virtual_account"]) == ("T1", NUMBER)
        assert (kept["trx_amount"], kept["billing_type"]) == ("100000", "c")
        assert (kept["customer_name"], kept["description"]) == (
            "MAHMUD SULAIMAN", "INV/2026/11/000001"
        )  # fmt: skip
        assert kept["datetime_expired_iso8601"] == "2027-01-31T23:59:59+07:00"

    async def test_of_a_customer_may_be_open(self, bank: Snap) -> None:
        outcome = await bank.create(replace(BILL, billing_type=BillingType.OPEN, trx_amount_idr=0))

        assert outcome.answer is Answer.DONE

    async def test_i_is_never_created_twice(self, bank: Snap, client: Any) -> None:
        await bank.create(BILL)

        again = await bank.create(BILL)

        assert told(again) == (Answer.ASK, "4032751")
        assert len((await client.http.get("/simulate/billings")).json()) == 1

    async def test_at_a_number_in_use_says_so(self, bank: Snap) -> None:
        await bank.create(BILL)

        outcome = await bank.create(replace(BILL, trx_id="T2"))

        assert told(outcome) == (Answer.ASK, "4032755")
        assert outcome.number_in_use

    async def test_under_another_head_is_not_even_asked_for(self, bank: Snap, client: Any) -> None:
        other = replace(BILL, virtual_account="9001000000000001")

        assert (await bank.create(other)).answer is Answer.REFUSED
        assert (await bank.update(other)).answer is Answer.REFUSED
        assert (await bank.deactivate("T1", "9001000000000001")).answer is Answer.REFUSED
        assert (await bank.inquire(Inquiry("T1", "9001000000000001"))).not_found
        assert await asked(client) == []

    async def test_is_updated(self, bank: Snap, client: Any) -> None:
        await bank.create(BILL)

        outcome = await bank.update(replace(BILL, trx_amount_idr=90_000))

        assert told(outcome) == (Answer.DONE, "2002800")
        (kept,) = (await client.http.get("/simulate/billings")).json()
        assert kept["trx_amount"] == "90000"

    async def test_below_what_was_paid_is_not_updated(self, bank: Snap, client: Any) -> None:
        await bank.create(INSTALLMENTS)
        await client.pay(NUMBER, 60_000)

        outcome = await bank.update(replace(INSTALLMENTS, trx_amount_idr=50_000))

        assert told(outcome) == (Answer.REFUSED, "4032859")


class TestClosing:
    async def test_deletes_the_account(self, bank: Snap, client: Any) -> None:
        await bank.create(BILL)

        outcome = await bank.deactivate("T1", NUMBER)

        assert told(outcome) == (Answer.DONE, "2003100")
        assert (await client.pay(NUMBER, 100_000)).status_code == 409

    async def test_what_is_gone_already_is_done(self, bank: Snap) -> None:
        await bank.create(BILL)
        await bank.deactivate("T1", NUMBER)

        assert told(await bank.deactivate("T1", NUMBER)) == (Answer.DONE, "4043112")
        assert told(await bank.deactivate("T2", NUMBER)) == (Answer.DONE, "4043101")

    async def test_a_paid_one_asks_first(self, bank: Snap, client: Any) -> None:
        await bank.create(BILL)
        await client.pay(NUMBER, 100_000)

        assert told(await bank.deactivate("T1", NUMBER)) == (Answer.ASK, "4043114")

    async def test_where_nothing_is_deleted_the_status_is_set(
        self, bank: Snap, client: Any, line: Line, sandbox: Sandbox
    ) -> None:
        await bank.create(BILL)
        line.client = HttpClient("http://bank", NoDeletion(client.http))

        outcome = await bank.deactivate("T1", NUMBER)

        assert told(outcome) == (Answer.DONE, "2002900")
        assert (await asked(client))[-1] == "update-status 2002900"
        assert (await client.pay(NUMBER, 100_000)).status_code == 409


class TestAnInquiry:
    async def test_of_an_unpaid_account(self, bank: Snap, question: Inquiry, client: Any) -> None:
        await bank.create(BILL)

        outcome = await bank.inquire(question)

        assert told(outcome) == (Answer.DONE, "2003000")
        assert outcome.state is not None
        assert (outcome.state.trx_id, outcome.state.virtual_account) == ("T1", NUMBER)
        assert (outcome.state.trx_amount_idr, outcome.state.paid_idr) == (100_000, 0)
        assert outcome.state.active
        assert (await asked(client))[1:] == ["inquiry-va 2003000"]

    async def test_of_a_paid_account_tells_what_its_notification_told(
        self, bank: Snap, question: Inquiry, client: Any, clock: FrozenClock
    ) -> None:
        await bank.create(BILL)
        paid = (await client.pay(NUMBER, 100_000)).json()

        state = (await bank.inquire(question)).state

        assert state is not None
        assert (state.paid_idr, state.payment_ntb) == (100_000, paid["payment_ntb"])
        assert (state.paid_at, state.active) == (clock.now(), False)
        assert (await asked(client))[1:] == ["inquiry-va 2003000", "status 2002600"]

    async def test_of_installments_tells_the_total_and_the_last(
        self, bank: Snap, question: Inquiry, client: Any, later: Any, clock: FrozenClock
    ) -> None:
        await bank.create(INSTALLMENTS)
        for amount_idr in (20_000, 30_000):
            later(days=2)
            last = (await client.pay(NUMBER, amount_idr)).json()
        paid_at = clock.now()
        later(hours=3)

        state = (await bank.inquire(question)).state

        assert state is not None
        assert (state.paid_idr, state.payment_ntb) == (50_000, last["payment_ntb"])
        assert (state.paid_at, state.active) == (paid_at, True)
        assert (await asked(client))[1:] == ["inquiry-va 2003000", "report 2003500"]

    async def test_of_nothing_finds_nothing(self, bank: Snap, question: Inquiry) -> None:
        nowhere = await bank.inquire(question)
        await bank.create(BILL)
        other = await bank.inquire(replace(question, trx_id="T2"))

        assert told(nowhere) == (Answer.ASK, "4043012")
        assert told(other) == (Answer.ASK, "4043001")
        assert nowhere.not_found
        assert other.not_found

    @pytest.mark.parametrize("bill", [BILL, INSTALLMENTS])
    async def test_m8_decides_nothing_while_the_row_of_a_payment_is_missing(
        self, bank: Snap, question: Inquiry, client: Any, bill: Billing
    ) -> None:
        await bank.create(bill)
        await client.pay(NUMBER, 100_000)
        await client.faults(statement_omit=1)

        missing = await bank.inquire(question)
        await client.faults()
        complete = await bank.inquire(question)

        assert told(missing) == (Answer.LATER, "")
        assert missing.state is None
        assert not missing.not_found
        assert complete.state is not None
        assert complete.state.paid_idr == 100_000

    async def test_m8_finds_the_money_of_an_account_that_was_deleted_since(
        self, bank: Snap, question: Inquiry, client: Any, clock: FrozenClock, later: Any
    ) -> None:
        await bank.create(INSTALLMENTS)
        paid = (await client.pay(NUMBER, 40_000)).json()
        paid_at = clock.now()
        later(minutes=10)
        await bank.deactivate("T1", NUMBER)

        without = await bank.inquire(question)
        outcome = await bank.inquire(replace(question, paid_at=paid_at))

        assert without.not_found
        assert outcome.answer is Answer.DONE
        assert outcome.state is not None
        assert (outcome.state.paid_idr, outcome.state.active) == (40_000, False)
        assert outcome.state.payment_ntb == paid["payment_ntb"]

    async def test_of_a_deleted_account_without_the_payment_finds_nothing(
        self, bank: Snap, question: Inquiry, clock: FrozenClock
    ) -> None:
        await bank.create(BILL)
        await bank.deactivate("T1", NUMBER)

        assert (await bank.inquire(replace(question, paid_at=clock.now()))).not_found

    async def test_of_an_expired_account(self, bank: Snap, question: Inquiry, later: Any) -> None:
        await bank.create(BILL)
        later(days=90)

        state = (await bank.inquire(question)).state

        assert state is not None
        assert not state.active


class TestACode:
    """Each response code that a bank may give, and what we do then."""

    ASK = frozenset({"40300", "40351", "40355", "40901", "40414", "40418"})
    LATER = frozenset({"40304", "40306", "40316", "40320", "40900", "20200", "42900"})

    @pytest.mark.parametrize("kind", sorted(set(MESSAGES) - {(200, 0)}))
    async def test_of_a_creation(self, bank: Snap, client: Any, kind: tuple[int, int]) -> None:
        spelled = f"{kind[0]}{kind[1]:02d}"
        await bank.line.ask(*_harmless())
        await client.faults(error_code=spelled, operations=["createbilling"])

        outcome = await bank.create(BILL)

        assert outcome.status == f"{kind[0]}27{kind[1]:02d}"
        assert outcome.answer is self._expected(spelled)
        assert outcome.no_effect == (kind[0] in {401, 429})
        assert outcome.over_limit == (spelled in {"40304", "40320", "42900"})
        assert outcome.number_in_use == (spelled == "40355")
        assert (await client.http.get("/simulate/billings")).json() == []

    def _expected(self, spelled: str) -> Answer:
        if spelled in self.ASK:
            return Answer.ASK
        if spelled in self.LATER or spelled[:3] in {"401", "500", "504"}:
            return Answer.LATER
        return Answer.REFUSED

    @pytest.mark.parametrize("kind", [(404, 1), (404, 11), (404, 12)])
    async def test_that_nothing_is_found_answers_only_an_inquiry(
        self, bank: Snap, client: Any, question: Inquiry, kind: tuple[int, int]
    ) -> None:
        await bank.line.ask(*_harmless())
        await client.faults(error_code=f"{kind[0]}{kind[1]:02d}")

        assert (await bank.inquire(question)).not_found
        assert told(await bank.update(BILL)) == (Answer.ASK, f"40428{kind[1]:02d}")
        assert not (await bank.update(BILL)).not_found


def _harmless() -> Any:
    """A call after which the line holds a token."""
    return messages.INQUIRE, {}


class TestALostAnswer:
    async def test_leaves_the_outcome_open_and_the_inquiry_tells_it(
        self, bank: Snap, client: Any, question: Inquiry
    ) -> None:
        await bank.line.ask(*_harmless())
        await client.faults(answer_lost=1)
        lost = await bank.create(BILL)
        await client.faults()

        assert told(lost) == (Answer.LATER, "")
        assert not lost.no_effect
        assert (await bank.inquire(question)).state is not None

    async def test_of_a_token_means_that_nothing_was_asked(self, bank: Snap, client: Any) -> None:
        await client.faults(answer_lost=1)

        outcome = await bank.create(BILL)

        assert told(outcome) == (Answer.LATER, "")
        assert outcome.no_effect
        assert await asked(client) == []

    async def test_c9_keeps_what_was_said_but_no_token(self, bank: Snap, client: Any) -> None:
        outcome = await bank.create(BILL)

        head, _, body = outcome.sent.partition(b"\n")
        assert head.startswith(b"POST /snap/v1.0/transfer-va/create-va 2026-11-23T09:00:00+07:00 ")
        assert b'"trxId":"T1"' in body
        assert b'"responseCode":"2002700"' in outcome.received
        assert b"Bearer" not in outcome.sent


class NoDeletion(httpx.AsyncBaseTransport):
    """A bank without service 31."""

    def __init__(self, inner: httpx.AsyncClient) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == "DELETE":
            return httpx.Response(405, json={"responseCode": "4053100"})
        body = await request.aread()
        return await self._inner.request(
            request.method, str(request.url), content=body, headers=request.headers
        )
