"""A bank that says of an account over SNAP no more than that it is over (ADR-0017)."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bank_gateway.domain.bank import Inquiry
from bank_gateway.snap import Snap
from bank_gateway.snap_line import Exchanged, Line
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingType
from shared.clock import FrozenClock
from snap_protocol import messages
from snap_protocol.codes import Code, Service

NUMBER = "8001000000000001"
BILL = Billing(
    trx_id="T1",
    trx_amount_idr=100_000,
    customer_name="MAHMUD SULAIMAN",
    virtual_account=NUMBER,
    expires_at=datetime(2027, 1, 31, 16, 59, 59, tzinfo=UTC),
)
INSTALLMENTS = replace(BILL, billing_type=BillingType.INSTALLMENT)


@pytest.fixture
def question(clock: FrozenClock) -> Inquiry:
    return Inquiry("T1", NUMBER, since=clock.now())


@dataclass
class LineOfOneWord:
    """A line to a bank that says no more of an account than that it is over."""

    inner: Line
    case: int

    @property
    def agreement(self) -> Any:
        return self.inner.agreement

    @property
    def clock(self) -> Any:
        return self.inner.clock

    async def ask(self, call: Any, members: Any) -> Exchanged:
        if call is messages.INQUIRE:
            return Exchanged(b"", code=Code(404, Service.INQUIRE, self.case))
        return await self.inner.ask(call, members)


class TestAnAccountThatIsOver:
    @pytest.mark.parametrize("case", [14, 19])
    async def test_m8_its_money_is_in_the_report(
        self, line: Line, question: Inquiry, client: Any, case: int
    ) -> None:
        await Snap(line).create(INSTALLMENTS)
        for amount in (30_000, 40_000):
            await client.pay(NUMBER, amount)
        asked = replace(question, billed_idr=100_000)

        outcome = await Snap(LineOfOneWord(line, case)).inquire(asked)  # type: ignore[arg-type]

        assert (outcome.answer, outcome.status) == (Answer.DONE, f"40430{case}")
        assert outcome.state is not None
        assert (outcome.state.paid_idr, outcome.state.trx_amount_idr) == (70_000, 100_000)
        assert not outcome.state.active

    async def test_an_expired_one_may_have_none(self, line: Line, question: Inquiry) -> None:
        await Snap(line).create(BILL)

        outcome = await Snap(LineOfOneWord(line, 19)).inquire(question)  # type: ignore[arg-type]

        assert outcome.state is not None
        assert (outcome.state.paid_idr, outcome.state.active) == (0, False)

    async def test_m8_a_paid_one_without_its_payment_is_asked_about_again(
        self, line: Line, question: Inquiry
    ) -> None:
        await Snap(line).create(BILL)

        outcome = await Snap(LineOfOneWord(line, 14)).inquire(question)  # type: ignore[arg-type]

        assert (outcome.answer, outcome.state) == (Answer.LATER, None)

    async def test_of_a_billing_that_we_never_registered_nothing_is_made_up(
        self, line: Line, question: Inquiry
    ) -> None:
        asked = replace(question, since=None)

        outcome = await Snap(LineOfOneWord(line, 19)).inquire(asked)  # type: ignore[arg-type]

        assert outcome.answer is Answer.LATER
