"""Whatever is lost, repeated or late: one account per bill, one payment per money (E1, I, M8)."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from bank_gateway.domain.bank import Bank, Inquiry, Outcome
from bank_gateway.ecollection import outcome_of
from bank_gateway.models import VirtualAccount
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing

BILLS = 6


@dataclass
class FlakyBank:
    """Loses requests and answers, and is busy now and then, until it is told to behave."""

    inner: Bank
    chance: Random
    trouble: float = 0.6

    async def create(self, billing: Billing) -> Outcome:
        return await self._perhaps(lambda: self.inner.create(billing))

    async def update(self, billing: Billing) -> Outcome:
        return await self._perhaps(lambda: self.inner.update(billing))

    async def inquire(self, inquiry: Inquiry) -> Outcome:
        return await self._perhaps(lambda: self.inner.inquire(inquiry))

    async def deactivate(self, trx_id: str, virtual_account: str) -> Outcome:
        return await self._perhaps(lambda: self.inner.deactivate(trx_id, virtual_account))

    async def _perhaps(self, call: Callable[[], Awaitable[Outcome]]) -> Outcome:
        if self.chance.random() >= self.trouble:
            return await call()
        fate = self.chance.randrange(4)
        if fate == 0:
            return Outcome(Answer.LATER, no_effect=True)
        if fate == 1:
            return outcome_of("997")
        if fate == 2:
            await call()  # it took effect; only the answer is lost
        return Outcome(Answer.LATER)


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_bill_ends_with_one_account_and_every_rupiah_once(
    bench: Any, seed: int
) -> None:
    chance = Random(seed)
    flaky = FlakyBank(bench.bank, chance)
    honest, bench.worker = bench.worker, replace(bench.worker, bank=flaky)
    await bench.customer()
    for number in range(BILLS):
        await bench.follow(bench.invoice(number=f"INV/{number}"))

    for _ in range(8):
        await bench.heal(seconds=20)
    flaky.trouble = 0
    for _ in range(3):
        await bench.heal(seconds=60)
    bench.worker = honest
    accounts = await bench.rows(VirtualAccount)

    assert Counter(account.status for account in accounts) == {"active": BILLS}
    assert set(bench.bank.billings) == {account.trx_id for account in accounts}

    await deliver_in_disorder(bench, accounts, chance)
    for _ in range(4):
        await bench.heal(hours=13)

    received = Counter(event.invoice_id for event in await bench.events("payment.received"))
    verified = Counter(event.invoice_id for event in await bench.events("payment.verified"))
    assert received == verified == {account.invoice_id: 1 for account in accounts}
    statuses = {account.status for account in await bench.rows(VirtualAccount)}
    assert statuses == {"paid"}


async def deliver_in_disorder(bench: Any, accounts: list[Any], chance: Random) -> None:
    """Every account is paid; a notification comes not at all, once, twice, or thrice."""
    told = [bench.pay(account) for account in accounts for _ in range(chance.randrange(4))]
    for account in accounts:
        bench.pay(account)
    chance.shuffle(told)
    for members in told:
        damaged = {**members, "payment_amount": "1"}
        if chance.random() < 0.3:
            assert await bench.told(damaged) == "999"
        assert await bench.told(members) == "000"
        if chance.random() < 0.3:
            bench.clock.advance(timedelta(seconds=30))
            await bench.work()
