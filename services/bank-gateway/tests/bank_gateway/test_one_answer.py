"""One inquiry speaks of every payment at or below its total, however many there were (C11, M8)."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank_gateway.domain.bank import Outcome
from bank_gateway.ecollection import outcome_of
from bni_protocol.codes import Answer
from bni_protocol.fields import BillingState, Notification
from shared.tables import AuditEntry

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EACH = 100_000


@dataclass
class Payer:
    """Pays a hundred thousand at a time to one account that is paid many times."""

    bench: Any
    account: Any

    def notice(self, no: int, **changes: Any) -> Notification:
        """The n-th payment, under the journal number of its own place."""
        facts = {
            "trx_id": self.account.trx_id,
            "virtual_account": self.account.account_number,
            "customer_name": "MAHMUD SULAIMAN",
            "trx_amount_idr": self.account.amount_idr,
            "payment_amount_idr": EACH,
            "cumulative_idr": no * EACH,
            "payment_ntb": f"{no:06}",
            "paid_at": NINE + timedelta(seconds=no),
        }
        return Notification(**(facts | changes))

    async def told(self, no: int, **changes: Any) -> None:
        assert await self.bench.told(self.notice(no, **changes).members()) == "000"

    def bank_holds(self, count: int, *before: Outcome) -> None:
        """The bank's record has so many payments, the last one under its own number."""
        last = self.notice(count)
        state = BillingState(
            trx_id=self.account.trx_id,
            virtual_account=self.account.account_number,
            trx_amount_idr=self.account.amount_idr,
            paid_idr=last.cumulative_idr,
            active=True,
            payment_ntb=last.payment_ntb,
            paid_at=last.paid_at,
        )
        self.bench.bank.script = [*before, *[Outcome(Answer.DONE, "000", state=state)] * 30]

    async def verdicts(self) -> list[str]:
        found = sorted(await self.bench.payments(), key=lambda each: each.cumulative_idr)
        return [payment.verification for payment in found]

    def asked(self) -> int:
        return int(self.bench.bank.calls.count("inquire"))


@pytest.fixture(params=["i", "o", "n", "x"])
async def payer(bench: Any, request: pytest.FixtureRequest) -> Payer:
    """Each type that may be paid many times: its account, open at the bank since just now."""
    (account,) = await bench.register(request.param)
    asked = {"i": 10_000_000, "o": 0, "n": EACH, "x": EACH}[request.param]
    await bench.ask_for(account, asked)
    bench.clock.move_to(NINE + timedelta(minutes=1))
    return Payer(bench, await bench.account(account.invoice_id))


class TestManyPaymentsToOneAccount:
    async def test_c11_are_all_verified_by_the_first_answer(self, payer: Payer) -> None:
        for no in range(1, 11):
            await payer.told(no)
        payer.bank_holds(10)

        await payer.bench.work()

        assert await payer.verdicts() == ["verified"] * 10
        assert payer.asked() == 1
        assert await payer.bench.work_left() == set()

    async def test_c11_each_is_told_of_and_recorded_once_lowest_first(self, payer: Payer) -> None:
        for no in (3, 1, 2):
            await payer.told(no)
        payer.bank_holds(3)

        await payer.bench.work()

        verified = await payer.bench.events("payment.verified")
        assert [event.cumulative_idr for event in verified] == [EACH, 2 * EACH, 3 * EACH]
        assert [event.aggregate_version for event in verified] == [2, 2, 2]
        kept = [e for e in await payer.bench.rows(AuditEntry) if e.action == "payment.verified"]
        assert len(kept) == 3

    async def test_c11_what_lies_above_the_banks_total_keeps_its_own_question(
        self, payer: Payer
    ) -> None:
        for no in (1, 2, 3, 4):
            await payer.told(no)
        payer.bank_holds(3)

        await payer.bench.work()
        early = await payer.verdicts()
        for minutes in (1, 4, 10, 15):
            await payer.bench.heal(minutes=minutes)

        assert early == ["verified"] * 3 + ["unverified"]
        assert await payer.verdicts() == ["verified"] * 3 + ["disputed"]

    async def test_c11_the_last_one_under_another_number_is_not_carried_along(
        self, payer: Payer
    ) -> None:
        await payer.told(1)
        await payer.told(2, payment_ntb="666666")
        payer.bank_holds(2)

        await payer.bench.work()
        early = await payer.verdicts()
        for minutes in (1, 4, 10, 15):
            await payer.bench.heal(minutes=minutes)

        assert early == ["verified", "unverified"]
        found = [(p.payment_ntb, p.source, p.verification) for p in await payer.bench.payments()]
        assert sorted(found) == [
            ("000001", "callback", "verified"),
            ("000002", "inquiry", "verified"),
            ("666666", "callback", "disputed"),
        ]

    async def test_r2_are_verified_by_an_answer_that_somebody_else_asked_for(
        self, payer: Payer
    ) -> None:
        for no in (1, 2):
            await payer.told(no)
        payer.bank_holds(2, outcome_of("997"), outcome_of("997"))
        await payer.bench.work(2)  # both questions fail
        before = await payer.verdicts()

        await payer.bench.ask(payer.account)
        await payer.bench.work()

        assert (before, await payer.verdicts()) == (["unverified"] * 2, ["verified"] * 2)

    async def test_c11_an_answer_about_another_account_number_proves_nothing(
        self, payer: Payer
    ) -> None:
        await payer.told(1)
        await payer.told(2)
        payer.bank_holds(2)
        answers = payer.bench.bank.script
        answers[0] = Outcome(
            Answer.DONE,
            "000",
            state=BillingState(
                trx_id=payer.account.trx_id,
                virtual_account="8001999999999999",
                trx_amount_idr=payer.account.amount_idr,
                paid_idr=2 * EACH,
                active=True,
                payment_ntb="000002",
                paid_at=NINE + timedelta(seconds=2),
            ),
        )

        await payer.bench.work(1)

        assert "verified" not in await payer.verdicts()


async def test_c5_payments_on_a_billing_nobody_registered_are_settled_together(bench: Any) -> None:
    (account,) = await bench.register("o")
    payer = Payer(bench, account)
    stranger = {"trx_id": "BUKAN-MILIK-KITA", "virtual_account": "8001777777777777"}
    for no in (1, 2, 3):
        await payer.told(no, **stranger)
    last = payer.notice(3)
    state = BillingState(
        trx_id=stranger["trx_id"],
        virtual_account=stranger["virtual_account"],
        trx_amount_idr=0,
        paid_idr=last.cumulative_idr,
        active=True,
        payment_ntb=last.payment_ntb,
        paid_at=last.paid_at,
    )
    bench.bank.script = [Outcome(Answer.DONE, "000", state=state)]

    await bench.work(1)

    assert await payer.verdicts() == ["verified"] * 3
    told = [event.TYPE for event in await bench.events("payment")]
    assert told == ["payment.received", "payment.verified"] * 3
