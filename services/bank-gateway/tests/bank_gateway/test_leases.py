"""K3: two workers never hold one piece of work, however long the bank takes to answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bank_gateway.domain.bank import Inquiry, Outcome
from bank_gateway.domain.limits import Pace
from bank_gateway.handlers.admission import LONGEST_WAIT
from bank_gateway.models import VirtualAccount, Work
from bank_gateway.worker import CALL_SECONDS
from bni_protocol.codes import Answer


async def unpaid(bench: Any) -> None:
    """A payment was told of that the bank does not show."""
    members = bench.pay(await bench.open())
    bench.bank.payments.clear()
    await bench.told(members)


async def asking(bench: Any) -> Any:
    (work,) = [each for each in await bench.rows(Work) if each.kind == "verify"]
    return work


async def test_k3_the_lease_outlasts_the_call_however_long_its_turn_took_to_come(
    bench: Any,
) -> None:
    await unpaid(bench)
    await bench.ask((await bench.rows(VirtualAccount))[0])
    waited: list[float] = []
    left: list[timedelta] = []
    answers = bench.bank.inquire

    async def turn(seconds: float) -> None:
        waited.append(seconds)
        bench.clock.advance(timedelta(seconds=seconds))

    async def inquire(inquiry: Inquiry) -> Any:
        leases = [each.leased_until for each in await bench.rows(Work) if each.leased_until]
        left.append(max(leases) - bench.clock.now())
        return await answers(inquiry)

    bench.bank.inquire = inquire
    slow = replace(bench.worker.limits, calls=Pace(LONGEST_WAIT))
    worker = replace(bench.worker, sleep=turn, limits=slow)

    await worker.step()
    await worker.step()

    assert max(waited) == LONGEST_WAIT.total_seconds()
    assert min(left) > timedelta(seconds=CALL_SECONDS)


async def test_k3_r2_an_answer_that_came_after_the_lease_counts_for_nobody(bench: Any) -> None:
    await unpaid(bench)
    answers = bench.bank.inquire
    other = bench.worker

    async def inquire(inquiry: Inquiry) -> Any:
        bench.bank.inquire = answers
        bench.clock.advance(timedelta(minutes=2))
        await other.step()
        return await answers(inquiry)

    bench.bank.inquire = inquire

    await bench.worker.step()

    assert (await asking(bench)).answers == 1


async def test_r1_a_call_without_end_is_one_without_an_answer(bench: Any) -> None:
    await unpaid(bench)

    async def inquire(inquiry: Inquiry) -> Any:
        await asyncio.Event().wait()
        return Outcome(Answer.DONE)

    bench.bank.inquire = inquire

    await replace(bench.worker, call_seconds=0).step()

    work = await asking(bench)
    assert (work.failures, work.answers, work.leased_until) == (1, 0, None)
