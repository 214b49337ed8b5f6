"""A notice is taken alike whatever protocol it came by, also when it tells no running total."""

import asyncio
from dataclasses import replace
from typing import Any

from bank_gateway.domain.notice import Notice, Origin
from bank_gateway.handlers import taking
from bank_gateway.handlers.callback import notice_of
from bank_gateway.handlers.taking import Outcome
from bank_gateway.models import VirtualAccount
from bni_protocol.fields import Notification

ORIGIN = Origin("001", "10.0.0.1")


async def open_account(bench: Any) -> VirtualAccount:
    await bench.customer()
    await bench.follow(bench.invoice(va_mode="customer"))
    await bench.work()
    (account,) = await bench.rows(VirtualAccount)
    return account


def untotalled(bench: Any, account: VirtualAccount, amount_idr: int, ntb: str) -> Notice:
    notice = notice_of(Notification.parse(bench.pay(account)), ORIGIN)
    return replace(
        notice, billed_idr=0, amount_idr=amount_idr, cumulative_idr=None, payment_ntb=ntb
    )


async def take(bench: Any, notice: Notice) -> Outcome:
    async with bench.sessions.begin(bench.worker.principal) as session:
        return await taking.take(notice, {"told": "somehow"}, session)


async def covered(bench: Any) -> list[tuple[int, int]]:
    intervals = [payment.interval for payment in await bench.payments()]
    return sorted((each.lower_idr, each.upper_idr) for each in intervals)


async def test_m8_payments_without_a_total_follow_one_another(bench: Any) -> None:
    account = await open_account(bench)

    for number, amount_idr in enumerate((500, 300, 200)):
        told = untotalled(bench, account, amount_idr, f"00000{number}")
        assert await take(bench, told) is Outcome.RECEIVED

    assert await covered(bench) == [(0, 500), (500, 800), (800, 1000)]


async def test_m8_also_when_they_come_at_once(bench: Any) -> None:
    account = await open_account(bench)
    told = [untotalled(bench, account, 100, f"00000{number}") for number in range(6)]

    outcomes = await asyncio.gather(*(take(bench, each) for each in told))

    assert outcomes == [Outcome.RECEIVED] * 6
    assert await covered(bench) == [(lower, lower + 100) for lower in range(0, 600, 100)]


async def test_c3_told_again_a_payment_keeps_its_place(bench: Any) -> None:
    account = await open_account(bench)
    first, second = (untotalled(bench, account, 500, ntb) for ntb in ("000001", "000002"))
    await take(bench, first)
    await take(bench, second)

    assert await take(bench, first) is Outcome.REPEATED
    assert await covered(bench) == [(0, 500), (500, 1000)]


async def test_c6_another_amount_under_the_same_journal_number_is_not_believed(
    bench: Any,
) -> None:
    account = await open_account(bench)
    told = untotalled(bench, account, 500, "000001")
    await take(bench, told)

    assert await take(bench, replace(told, amount_idr=400)) is Outcome.QUARANTINED
    assert await covered(bench) == [(0, 500)]
