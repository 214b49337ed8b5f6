"""Nothing goes round for ever or hangs in silence: in the end a person is told (R1, R2)."""

from datetime import timedelta
from typing import Any

from sqlmodel import col, select

from bank_gateway.domain.bank import Outcome
from bank_gateway.ecollection import outcome_of
from bank_gateway.handlers.accounts import retry
from bank_gateway.metrics import GIVEN_UP
from bank_gateway.models import Work
from bni_protocol.codes import Answer

NO_ANSWER = Outcome(Answer.LATER)


async def live(bench: Any, **amounts: float) -> list[float]:
    """Let time pass, working whenever something is due; give the hour of each call."""
    start, hours = bench.clock.now(), []
    end = start + timedelta(**amounts)
    while bench.clock.now() < end:
        before = len(bench.bank.calls)
        pause = await bench.worker.step()
        hours += [(bench.clock.now() - start) / timedelta(hours=1)] * (
            len(bench.bank.calls) - before
        )
        bench.clock.advance(
            min(timedelta(hours=6) if pause is None else pause, end - bench.clock.now())
        )
    return hours


async def given_up(bench: Any) -> list[str]:
    query = select(Work.kind).where(col(Work.due_at).is_(None))
    async with bench.sessions.begin(bench.worker.principal) as session:
        return list((await session.exec(query)).all())


class TestABankThatRefusesWhatItDoesNotKnow:
    async def test_i_r2_105_and_101_in_turn_slow_down_and_end_with_a_person(
        self, bench: Any
    ) -> None:
        bench.bank.script = [outcome_of("105"), outcome_of("101")] * 100
        account = await bench.issue()

        hours = await live(bench, days=10)

        calls = bench.bank.calls
        assert calls == ["create", "inquire"] * (len(calls) // 2)
        assert len([hour for hour in hours if hour < 1]) == 10
        assert len([hour for hour in hours if 1 <= hour < 24]) == 2
        assert len(calls) == 26
        stuck = await bench.account(account.invoice_id)
        assert (stuck.status, stuck.number) == ("requested", None)
        assert stuck.trouble.startswith("Bank tidak memberi kepastian")
        assert "tidak ditanya lagi otomatis" in stuck.trouble
        assert account.trx_id in stuck.trouble
        assert await given_up(bench) == ["open"]
        await bench.worker.clean_step()
        assert GIVEN_UP._value.get() == 1  # the figure of the alert

    async def test_people_read_of_it_as_soon_as_the_bank_repeats_itself(self, bench: Any) -> None:
        bench.bank.script = [outcome_of("105"), outcome_of("101")] * 2
        account = await bench.open()

        assert account.trouble.startswith("Bank belum memastikan")
        assert (await bench.events("va.changed"))[-1].trouble == account.trouble

    async def test_a_person_has_it_tried_once_more_and_no_second_account_is_opened(
        self, bench: Any
    ) -> None:
        bench.bank.script = [outcome_of("105"), outcome_of("101")] * 100
        account = await bench.issue()
        await live(bench, days=10)
        bench.bank.script = []
        bench.bank_has(account)

        await bench.handle(retry, bench.worker.desk.contract, account.id)
        await bench.work()

        healed = await bench.account(account.invoice_id)
        assert (healed.id, healed.status, healed.trouble) == (account.id, "active", None)
        assert set(bench.bank.billings) == {account.trx_id}


class TestABankThatLosesEveryCreate:
    async def test_r1_r2_is_not_asked_to_create_again_and_again(self, bench: Any) -> None:
        async def lose(billing: Any) -> Outcome:
            bench.bank.calls.append("create")
            return NO_ANSWER

        bench.bank.create = lose
        account = await bench.issue()

        await live(bench, days=10)

        assert bench.bank.calls.count("create") == 13
        assert (await bench.account(account.invoice_id)).trouble.startswith("Bank tidak memberi")


class TestOneMatterThatTheBankNeverAnswers:
    async def test_r1_five_quick_tries_then_r2_then_a_person(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        bench.bank.script = [outcome_of("999")] * 100

        hours = await live(bench, days=10)

        verifying = [hour for hour in hours if hour < 1]
        assert len(verifying) == 6 + 3  # at once and five times, then after 1, 5 and 15 minutes
        assert "verify" in await given_up(bench)
        told = await bench.account(account.invoice_id)
        assert told.trouble.startswith("Bank tidak memberi kepastian")

    async def test_is_not_woken_by_each_answer_about_others(self, bench: Any) -> None:
        stuck = await bench.open(number="INV/stuck")
        await bench.told(bench.pay(stuck))
        answered = bench.bank.inquire

        async def inquire(inquiry: Any) -> Outcome:
            if inquiry.trx_id != stuck.trx_id:
                return await answered(inquiry)
            bench.bank.calls.append("inquire stuck")
            return outcome_of("999")

        bench.bank.inquire = inquire
        for number in range(8):
            await bench.open(number=f"INV/{number}")

        assert bench.bank.calls.count("inquire stuck") <= 6

    async def test_is_asked_once_more_when_the_bank_answers_about_its_account_again(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        bench.bank.script = [outcome_of("999")] * 100
        await live(bench, days=10)
        bench.bank.script = []

        await bench.ask(account)
        await bench.work()

        (paid,) = await bench.payments()
        assert paid.verification == "verified"
        assert (await bench.account(account.invoice_id)).trouble is None
        assert await given_up(bench) == []


class TestAChangeThatTheBankRefusesAgainstItsOwnRecord:
    async def test_slows_down_and_ends_with_a_person(self, bench: Any) -> None:
        account = await bench.open()
        await bench.follow(bench.invoice(id=account.invoice_id, version=2, total_idr=900_000))

        async def expired(billing: Any) -> Outcome:
            bench.bank.calls.append("update")
            return outcome_of("103")

        bench.bank.update = expired
        await bench.work()
        await bench.heal(seconds=2)
        shown = await bench.account(account.invoice_id)
        await live(bench, days=12)

        assert shown.trouble.startswith("Bank menolak perubahan (kode 103)")
        assert shown.status == "active"
        assert "update" in await given_up(bench)
        stuck = await bench.account(account.invoice_id)
        assert stuck.trouble.startswith("Bank tidak memberi kepastian")
        assert bench.bank.calls.count("update") < 40

        before = len(bench.bank.calls)
        await live(bench, days=3)
        stuck = await bench.account(account.invoice_id)
        assert "masih ditanya sekali sehari" in stuck.trouble
        assert bench.bank.calls[before:].count("inquire") >= 3
