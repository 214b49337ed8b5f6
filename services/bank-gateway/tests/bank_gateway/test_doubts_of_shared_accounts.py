"""A message in doubt about one of many payments ends with its own money, not with other news."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from bank_gateway.models import VirtualAccount
from bni_protocol.fields import Notification

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CONTRACT = {"va_mode": "contract", "plan_id": UUID(int=0xA1), "total_idr": 1_000_000}


class Paid:
    """A contract's account, to which several payments are made."""

    def __init__(self, bench: Any, account: VirtualAccount) -> None:
        self.bench, self.account, self.total_idr = bench, account, 0

    def pays(self, amount_idr: int, minutes: int) -> dict[str, str]:
        """The bank takes a payment so many minutes after nine; give its notification."""
        paid_at = NINE + timedelta(minutes=minutes)
        self.bench.clock.move_to(paid_at)
        self.total_idr += amount_idr
        notice = Notification(
            trx_id=self.account.trx_id,
            virtual_account=self.account.account_number,
            customer_name="MAHMUD SULAIMAN",
            trx_amount_idr=self.account.amount_idr,
            payment_amount_idr=amount_idr,
            cumulative_idr=self.total_idr,
            payment_ntb=f"{minutes:06}",
            paid_at=paid_at,
        )
        self.bench.bank.payments[self.account.trx_id] = notice
        return notice.members()

    async def outcomes(self) -> list[str]:
        return [event.outcome for event in await self.bench.events("notice.settled")]


@pytest.fixture
async def paid(bench: Any) -> Paid:
    await bench.customer()
    await bench.follow(bench.invoice(**CONTRACT))
    await bench.work()
    (account,) = await bench.rows(VirtualAccount)
    return Paid(bench, account)


async def test_c6_news_of_another_payment_settles_nothing(bench: Any, paid: Paid) -> None:
    first = paid.pays(300_000, minutes=0)
    assert await bench.told(first | {"payment_amount": "7000000"}) == "999"
    assert await bench.told(paid.pays(200_000, minutes=1)) == "000"

    await bench.work()

    assert [payment.verification for payment in await bench.payments()] == ["verified"]
    assert await paid.outcomes() == []


async def test_c6_m8_its_own_money_does_whichever_way_it_is_learned(bench: Any, paid: Paid) -> None:
    first = paid.pays(300_000, minutes=0)
    await bench.told(first | {"payment_amount": "7000000"})
    await bench.told(paid.pays(200_000, minutes=1))
    await bench.work()

    await bench.heal(minutes=20)

    assert {payment.amount_idr for payment in await bench.payments()} == {200_000, 300_000}
    assert await paid.outcomes() == ["genuine_came"]


async def test_c6_a_false_message_ends_once_the_bank_has_told_of_all_that_came_by_then(
    bench: Any, paid: Paid
) -> None:
    genuine = paid.pays(300_000, minutes=0)
    await bench.told(genuine)
    await bench.heal(seconds=1)
    assert await bench.told(genuine | {"payment_ntb": "666666"}) == "999"

    await bench.work()

    assert await paid.outcomes() == ["bank_agrees_with_us"]
