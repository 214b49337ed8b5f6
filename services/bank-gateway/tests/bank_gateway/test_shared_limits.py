"""The bank's limits hold for the workers of all processes, and survive a restart (R1, R2, K1)."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.limits import Pace, questions_of_one
from bank_gateway.ecollection import outcome_of
from bank_gateway.worker import BankWorker
from bni_protocol.codes import Answer
from shared.clock import WIB

NOT_CONNECTED = Outcome(Answer.LATER, no_effect=True)


def another_process(worker: BankWorker, **changes: Any) -> BankWorker:
    """The same service once more, or started anew: nothing in common but database and bank."""
    return replace(worker, **changes)


@contextmanager
def as_process(bench: Any, worker: BankWorker) -> Iterator[None]:
    own, bench.worker = bench.worker, worker
    yield
    bench.worker = own


class TestTooManyInquiries:
    async def test_r2_996_pauses_the_inquiries_of_all_for_15_minutes(self, bench: Any) -> None:
        first, second = await bench.open(number="INV/1"), await bench.open(number="INV/2")
        await bench.told(bench.pay(first))
        await bench.told(bench.pay(second))
        bench.bank.calls.clear()
        bench.bank.script = [outcome_of("996")]

        await bench.work()
        with as_process(bench, another_process(bench.worker)):
            await bench.heal(minutes=14, seconds=59)
            assert bench.bank.calls == ["inquire"]
            await bench.heal(seconds=1)

        assert bench.bank.calls == ["inquire"] * 3
        assert {paid.verification for paid in await bench.payments()} == {"verified"}

    async def test_r2_and_the_opening_and_changing_of_accounts_goes_on(self, bench: Any) -> None:
        account = await bench.open(number="INV/1")
        await bench.told(bench.pay(account))
        bench.bank.script = [outcome_of("996")]
        await bench.work()
        bench.bank.calls.clear()

        other = await bench.open(number="INV/2")
        await bench.follow(bench.invoice(id=other.invoice_id, version=2, total_idr=900_000))
        await bench.work()

        assert bench.bank.calls == ["create", "update"]

    async def test_a_worker_that_rests_comes_again_when_the_pause_is_over(self, bench: Any) -> None:
        account = await bench.open()
        await bench.told(bench.pay(account))
        bench.bank.script = [outcome_of("996")]
        await bench.work()

        assert await bench.worker.step() == timedelta(minutes=15)

    async def test_a_clock_that_was_set_back_ends_a_pause(self, bench: Any) -> None:
        bench.clock.advance(timedelta(days=90))
        account = await bench.open()
        await bench.told(bench.pay(account))
        bench.bank.script = [outcome_of("996")]
        await bench.work()
        bench.clock.advance(-timedelta(days=90))

        other = await bench.open(number="INV/2")
        await bench.told(bench.pay(other))
        await bench.work()

        (paid,) = [p for p in await bench.payments() if p.invoice_id == other.invoice_id]
        assert paid.verification == "verified"


class TestTheLimitOfADay:
    async def test_r2_110_stops_that_operation_until_the_next_day_in_jakarta(
        self, bench: Any
    ) -> None:
        bench.bank.script = [outcome_of("110")]
        account = await bench.issue(number="INV/1")
        await bench.work()
        await bench.issue(number="INV/2")
        with as_process(bench, another_process(bench.worker)):
            await bench.heal(hours=14, minutes=59, seconds=59)
            assert bench.clock.now().astimezone(WIB).hour == 23
            assert bench.bank.calls == ["create", "inquire"]

            await bench.heal(seconds=1)

        assert bench.bank.calls == ["create", "inquire", "create", "create"]
        assert (await bench.account(account.invoice_id)).status == "active"


class TestThePace:
    async def test_is_one_for_all_processes(self, bench: Any) -> None:
        waited: list[float] = []

        async def note(seconds: float) -> None:
            waited.append(round(seconds, 3))

        limits = replace(bench.worker.limits, calls=Pace.per_second(4))
        one = another_process(bench.worker, limits=limits, sleep=note)
        await bench.customer()
        for number in range(4):
            await bench.follow(bench.invoice(number=f"INV/{number}"))

        await asyncio.gather(one.step(), another_process(one).step())
        await asyncio.gather(one.step(), another_process(one).step())

        assert sorted(waited) == [0, 0.25, 0.5, 0.75]
        assert bench.bank.calls == ["create"] * 4

    async def test_work_whose_turn_is_far_away_is_put_off_and_not_lost(self, bench: Any) -> None:
        limits = replace(bench.worker.limits, calls=Pace(timedelta(minutes=1)))
        bench.worker = replace(bench.worker, limits=limits)
        await bench.customer()
        for number in range(2):
            await bench.follow(bench.invoice(number=f"INV/{number}"))

        await bench.work()
        assert bench.bank.calls == ["create"]
        await bench.heal(minutes=1)

        assert bench.bank.calls == ["create", "create"]

    async def test_r2_no_more_inquiries_an_hour_than_we_grant_ourselves(self, bench: Any) -> None:
        limits = replace(bench.worker.limits, questions=Pace.per_hour(2))
        bench.worker = replace(bench.worker, limits=limits)
        for account in [await bench.open(number=f"INV/{number}") for number in range(3)]:
            await bench.told(bench.pay(account))
        bench.bank.calls.clear()

        await bench.work()
        assert bench.bank.calls == ["inquire"]
        with as_process(bench, another_process(bench.worker)):
            await bench.heal(minutes=31)

        assert bench.bank.calls == ["inquire", "inquire"]


class TestOneBilling:
    async def test_r2_is_asked_about_three_times_at_once_then_each_quarter_of_an_hour(
        self, bench: Any
    ) -> None:
        account = await bench.open()
        for _ in range(5):
            await bench.ask(account)
            await bench.work()
        assert bench.bank.calls == ["create"] + ["inquire"] * 3

        with as_process(bench, another_process(bench.worker)):
            await bench.heal(minutes=15)

        assert bench.bank.calls == ["create"] + ["inquire"] * 4

    async def test_a_question_without_an_answer_does_not_count(self, bench: Any) -> None:
        account = await bench.open()
        limits = replace(bench.worker.limits, questions_of_one=questions_of_one(timedelta(hours=9)))
        bench.worker = replace(bench.worker, limits=limits)
        bench.bank.script = [NOT_CONNECTED] * 4
        await bench.ask(account)
        for _ in range(5):
            await bench.heal(seconds=60)

        assert bench.bank.calls == ["create"] + ["inquire"] * 5
        assert (await bench.account(account.invoice_id)).bank_status == "active"


class TestTheBreaker:
    async def test_r1_k1_is_one_for_all_processes_and_exactly_one_of_them_probes(
        self, bench: Any
    ) -> None:
        bench.bank.script = [NOT_CONNECTED] * 11
        await bench.customer()
        for number in range(12):
            await bench.follow(bench.invoice(number=f"INV/{number}"))
        processes = [another_process(bench.worker) for _ in range(4)]
        for _ in range(3):
            await asyncio.gather(*(process.step() for process in processes[:2]))
        for _ in range(4):
            await processes[0].step()
        assert len(bench.bank.calls) == 10
        assert await another_process(bench.worker).step() == timedelta(seconds=30)

        bench.clock.advance(timedelta(seconds=30))
        await asyncio.gather(*(process.step() for process in processes))

        assert len(bench.bank.calls) == 11
        assert await processes[3].step() == timedelta(seconds=30)

    async def test_a_probe_that_succeeds_lets_all_of_them_go_on(self, bench: Any) -> None:
        bench.bank.script = [NOT_CONNECTED] * 10
        await bench.customer()
        for number in range(12):
            await bench.follow(bench.invoice(number=f"INV/{number}"))
        await bench.work(40)

        bench.clock.advance(timedelta(seconds=30))
        processes = [another_process(bench.worker) for _ in range(4)]
        for _ in range(5):
            await asyncio.gather(*(process.step() for process in processes))

        assert len(bench.bank.billings) == 12
