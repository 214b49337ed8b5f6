"""However often, in whatever order and company a bank tells of its payments: each counts once."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from bank_gateway.models import SnapAnswer, VirtualAccount
from bni_protocol import moments

PARTS = 9
NOON = datetime.fromisoformat("2026-11-23T12:00:00+07:00")


def rupiah(amount_idr: int) -> dict[str, str]:
    return {"value": f"{amount_idr}.00", "currency": "IDR"}


@dataclass
class TellingBank:
    """Tells of each part up to four times, damaged now and then, several at once."""

    snap: Any
    account: VirtualAccount
    chance: Random
    tells_total: bool
    parts: list[dict[str, Any]] = field(default_factory=list)
    total_idr: int = 0

    def take_parts(self) -> None:
        for number in range(PARTS):
            amount_idr = self.chance.randrange(1_000, 90_000)
            self.total_idr += amount_idr
            total = rupiah(self.total_idr) if self.tells_total else None
            self.parts.append(
                self.snap.payment(
                    self.account,
                    paymentRequestId=f"BAYAR-{number}",
                    paidAmount=rupiah(amount_idr),
                    cumulativePaymentAmount=total,
                    totalAmount=None,
                    trxDateTime=moments.iso(NOON + timedelta(minutes=number)),
                    journalNum=f"{number:06d}",
                )
            )

    def messages(self) -> list[tuple[dict[str, Any], str]]:
        """Every part at least once; a repeat under its number, or as an advice under a new one."""
        told = []
        for number, part in enumerate(self.parts):
            told.append((part, f"1{number}"))
            for repeat in range(self.chance.randrange(4)):
                advice = self.chance.random() < 0.5
                message = part | {"flagAdvise": "Y"} if advice else part
                told.append((message, f"2{number}{repeat}" if advice else f"1{number}"))
        self.chance.shuffle(told)
        return told

    async def tell(self, message: dict[str, Any], number: str, token: str) -> None:
        if self.chance.random() < 0.2:
            forged = message | {"paidAmount": rupiah(1)}
            proof = {"X_SIGNATURE": "AAAA", "X_EXTERNAL_ID": number}
            assert await self.snap.told(forged, token=token, **proof) == "4012500"
        told = await self.snap.told(message, token=token, X_EXTERNAL_ID=number)
        assert told == "2002500"


@pytest.mark.parametrize("tells_total", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
async def test_m8_c3_every_rupiah_once(bench: Any, snap: Any, seed: int, tells_total: bool) -> None:
    await bench.customer()
    await bench.follow(bench.invoice(va_mode="contract", plan_id=bench.invoice().aggregate_id))
    await bench.work()
    (account,) = await bench.rows(VirtualAccount)
    bank = TellingBank(snap, account, Random(seed), tells_total)
    bank.take_parts()
    waiting, token = bank.messages(), await snap.token()
    numbers = {number for _, number in waiting}

    while waiting:
        together = [waiting.pop() for _ in range(min(len(waiting), bank.chance.randrange(1, 5)))]
        await asyncio.gather(*(bank.tell(*each, token) for each in together))

    payments = await bench.payments()
    assert {payment.request_id for payment in payments} == {
        part["paymentRequestId"] for part in bank.parts
    }
    intervals = sorted((each.interval.lower_idr, each.interval.upper_idr) for each in payments)
    assert [lower for lower, _ in intervals] == [0, *(upper for _, upper in intervals[:-1])]
    assert intervals[-1][1] == bank.total_idr
    assert len(await bench.events("payment.received")) == PARTS
    assert {answer.external_id for answer in await bench.rows(SnapAnswer)} == numbers
