"""Asking the bank whether a payment is true: verified, disputed, or asked again (C11, R2)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.schedule import QUESTION_PAUSES, backoff, next_question, next_watch
from bank_gateway.domain.verification import Claim, Verdict, judge
from bni_protocol.codes import Answer
from bni_protocol.fields import BillingState, BillingType

NO_ANSWER = Outcome(Answer.LATER)
PAID_AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
CLAIM = Claim("8001000000000001", 100_000, BillingType.FIXED, "012345", PAID_AT)
STATE = BillingState(
    trx_id="T",
    virtual_account="8001000000000001",
    trx_amount_idr=100_000,
    paid_idr=100_000,
    active=False,
    payment_ntb="012345",
    paid_at=PAID_AT,
)
UNPAID = replace(STATE, paid_idr=0, active=True, payment_ntb=None, paid_at=None)


class TestJudging:
    def test_c11_the_banks_own_record_confirms(self) -> None:
        assert judge(CLAIM, STATE, 1) is Verdict.VERIFIED

    @pytest.mark.parametrize(
        "state",
        [
            replace(STATE, virtual_account="8001000000000002"),
            replace(STATE, paid_idr=99_999),
            replace(STATE, payment_ntb="999999"),
            replace(STATE, paid_at=PAID_AT + timedelta(seconds=1)),
        ],
    )
    def test_c11_what_cannot_be_lag_is_a_contradiction_at_once(self, state: BillingState) -> None:
        assert judge(CLAIM, state, 1) is Verdict.DISPUTED

    @pytest.mark.parametrize("state", [UNPAID, None])
    def test_c11_what_may_be_lag_is_asked_four_times(self, state: BillingState | None) -> None:
        verdicts = [judge(CLAIM, state, answers) for answers in (1, 2, 3, 4)]

        assert verdicts == [Verdict.ASK_AGAIN] * 3 + [Verdict.DISPUTED]

    def test_m8_the_banks_last_payment_at_a_lower_total_is_a_damaged_message(self) -> None:
        claim = replace(CLAIM, billing_type=BillingType.OPEN, cumulative_idr=60_000)

        verdicts = [judge(claim, STATE, answers) for answers in (1, 2, 3, 4)]

        assert verdicts == [Verdict.ASK_AGAIN] * 3 + [Verdict.DISPUTED]
        assert judge(replace(claim, signed=True), STATE, 1) is Verdict.VERIFIED

    def test_a_later_payment_of_an_installment_confirms_the_earlier_one(self) -> None:
        claim = replace(CLAIM, billing_type=BillingType.INSTALLMENT)

        assert judge(claim, replace(STATE, paid_idr=150_000, payment_ntb="7"), 1) is (
            Verdict.VERIFIED
        )
        assert judge(claim, replace(STATE, paid_idr=99_999), 1) is Verdict.ASK_AGAIN


class TestWhenToAskAgain:
    def test_r2_at_1_5_15_60_minutes_then_daily_for_a_week_then_a_person(self) -> None:
        ages, age = [], timedelta()
        for pause in QUESTION_PAUSES[:4]:
            age += pause
            ages.append(age.total_seconds() / 60)

        assert ages == [1, 5, 15, 60]
        assert QUESTION_PAUSES[4:] == (timedelta(days=1),) * 7
        assert next_question(len(QUESTION_PAUSES) + 1) is None

    def test_r1_backs_off_with_full_jitter_up_to_a_minute(self) -> None:
        chance = Random(1)
        for failures, ceiling in [(1, 1), (2, 2), (5, 16), (7, 60), (10_000, 60)]:
            pauses = [backoff(failures, chance).total_seconds() for _ in range(200)]
            assert 0 <= min(pauses) < max(pauses) <= ceiling

    def test_an_active_account_is_looked_at_daily_and_right_after_its_expiry(self) -> None:
        assert next_watch(PAID_AT + timedelta(days=9), PAID_AT) == PAID_AT + timedelta(days=1)
        soon = PAID_AT + timedelta(hours=1)
        assert next_watch(soon, PAID_AT) == soon + timedelta(minutes=1)
        assert next_watch(PAID_AT, PAID_AT) > PAID_AT


class TestThePaymentOfACallback:
    async def test_c11_is_verified_and_closes_the_account(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        waiting = await bench.account(account.invoice_id)

        await bench.work()

        received, verified = await bench.events("payment")
        assert (received.verification, verified.verification) == ("unverified", "verified")
        assert verified.aggregate_version == received.aggregate_version + 1
        assert waiting.status == "active"  # nothing irreversible before the bank confirms
        assert (await bench.account(account.invoice_id)).status == "paid"
        assert (await bench.events("va"))[-1].TYPE == "va.closed"

    async def test_r3_each_inquiry_tells_what_the_bank_has_taken_in(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))

        await bench.work()

        told = (await bench.events("va.inquired"))[-1]
        (payment,) = await bench.payments()
        assert (told.trx_id, told.state) == (account.trx_id, "inactive")
        assert told.bank_paid_idr == told.known_paid_idr == payment.amount_idr
        assert told.last_reference == payment.payment_ntb
        assert told.asked_at == (await bench.account(account.invoice_id)).asked_at

    async def test_c11_waits_for_a_bank_that_is_down_and_is_verified_after(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        bench.bank.script = [NO_ANSWER] * 3

        for _ in range(4):
            await bench.heal(seconds=60)

        assert (await bench.payments())[0].verification == "verified"

    async def test_c11_a_forged_callback_is_disputed_within_15_minutes(self, bench: Any) -> None:
        account = await bench.open()
        members = bench.pay(account)
        bench.bank.payments.clear()  # the bank never saw that money
        await bench.told(members)

        for minutes in (0, 1, 4, 10):
            await bench.heal(minutes=minutes)

        (payment,) = await bench.payments()
        disputed = (await bench.events("payment"))[-1]
        assert payment.verification == "disputed"
        assert disputed.TYPE == "payment.disputed"
        assert "tidak cocok" in disputed.trouble
        assert (await bench.account(account.invoice_id)).status == "active"

    async def test_m8_a_dispute_frees_the_interval_for_the_genuine_payment(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        members = bench.pay(account)
        bench.bank.payments.clear()
        await bench.told(members | {"payment_ntb": "666666"})
        for minutes in (0, 1, 4, 10):
            await bench.heal(minutes=minutes)

        assert await bench.told(bench.pay(account)) == "000"
        await bench.heal(minutes=15)  # this billing was asked about four times already (R2)

        verdicts = [payment.verification for payment in await bench.payments()]
        assert verdicts == ["disputed", "verified"]
        assert (await bench.account(account.invoice_id)).status == "paid"

    async def test_c11_a_forged_journal_number_gives_way_to_the_banks_own_payment(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account) | {"payment_ntb": "666666"})

        await bench.work()

        types = [event.TYPE for event in await bench.events("payment")]
        assert types == [
            "payment.received", "payment.disputed", "payment.received", "payment.verified"
        ]  # fmt: skip
        genuine = (await bench.payments())[-1]
        assert (genuine.source, genuine.payment_ntb) == ("inquiry", "012345")

    async def test_c11_is_judged_once(self, bench: Any) -> None:
        account = await bench.open()
        members = bench.pay(account)
        await bench.told(members)
        await bench.work()

        await bench.told(members)
        await bench.work()

        assert len(await bench.events("payment.verified")) == 1


class TestALostCallback:
    async def test_m8_is_found_by_the_daily_look_at_the_account(self, bench: Any) -> None:
        account = await bench.open()
        bench.pay(account)

        await bench.heal(days=1)

        types = [event.TYPE for event in await bench.events("payment")]
        assert types == ["payment.received", "payment.verified"]
        assert (await bench.account(account.invoice_id)).status == "paid"

    async def test_c3_the_callback_that_comes_after_all_changes_nothing(self, bench: Any) -> None:
        account = await bench.open()
        members = bench.pay(account)
        await bench.heal(days=1)

        assert await bench.told(members) == "000"
        assert len(await bench.payments()) == 1

    async def test_money_on_an_account_that_was_just_cancelled_is_found(self, bench: Any) -> None:
        account = await bench.open()
        bench.pay(account)
        bench.bank.script = [Outcome(Answer.ASK, "100")]
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, status="cancelled"))

        await bench.work()

        assert len(await bench.events("payment.received")) == 1
        assert (await bench.account(account.invoice_id)).status == "paid"
