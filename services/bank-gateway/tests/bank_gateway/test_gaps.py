"""Callbacks that never came, on billings paid many times (M8, R2): counted all the same."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.gaps import Covered, find_gaps
from bank_gateway.handlers.accounts import ask_bank
from bank_gateway.models import Payment, VirtualAccount
from bni_protocol.codes import Answer
from bni_protocol.fields import BillingState, Notification
from shared.tables import AuditEntry

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CONTRACT = {"va_mode": "contract", "plan_id": UUID(int=0xA1), "total_idr": 1_000_000}


class Bill:
    """A contract's account, and what the bank holds of it."""

    def __init__(self, bench: Any, account: VirtualAccount) -> None:
        self.bench, self.account = bench, account

    def bank_holds(self, total_idr: int, ntb: str, paid_at: datetime) -> None:
        """From now on the bank answers an inquiry so."""
        state = BillingState(
            trx_id=self.account.trx_id,
            virtual_account=self.account.account_number,
            trx_amount_idr=self.account.amount_idr,
            paid_idr=total_idr,
            active=True,
            payment_ntb=ntb,
            paid_at=paid_at,
        )
        self.bench.bank.script = [Outcome(Answer.DONE, "000", state=state)] * 20

    async def told(self, amount: int, total: int, ntb: str, paid_at: datetime = NINE) -> str:
        notice = Notification(
            trx_id=self.account.trx_id,
            virtual_account=self.account.account_number,
            customer_name="MAHMUD SULAIMAN",
            trx_amount_idr=self.account.amount_idr,
            payment_amount_idr=amount,
            cumulative_idr=total,
            payment_ntb=ntb,
            paid_at=paid_at,
        )
        return str(await self.bench.told(notice.members()))

    async def payments(self) -> list[tuple[int, int, str, str]]:
        found: list[Payment] = await self.bench.payments()
        return sorted(
            (p.cumulative_idr - p.amount_idr, p.cumulative_idr, p.source, p.verification)
            for p in found
        )


@pytest.fixture
async def bill(bench: Any) -> Bill:
    await bench.customer()
    await bench.follow(bench.invoice(**CONTRACT))
    await bench.work()
    (account,) = await bench.rows(VirtualAccount)
    return Bill(bench, account)


async def look(bill: Bill, minutes: int) -> None:
    """Somebody asks the bank about the account, so many minutes after nine."""
    bill.bench.clock.move_to(NINE + timedelta(minutes=minutes))
    await bill.bench.handle(ask_bank, bill.account.id)
    await bill.bench.work()


class TestALostCallback:
    async def test_m8_its_money_is_taken_from_the_bank_once_no_callback_can_be_under_way(
        self, bill: Bill
    ) -> None:
        bill.bank_holds(400_000, "000007", NINE)

        await look(bill, minutes=10)
        early = await bill.payments()
        bill.bench.clock.move_to(NINE + timedelta(minutes=16))  # it has been queued for then
        await bill.bench.work()

        assert early == []
        assert await bill.payments() == [(0, 400_000, "inquiry", "verified")]
        (received,) = await bill.bench.events("payment.received")
        assert (received.bank_reference, received.source) == ("000007", "inquiry")
        assert received.plan_id == CONTRACT["plan_id"]

    async def test_m8_below_a_payment_that_was_told_it_is_found_too(self, bill: Bill) -> None:
        bill.bank_holds(700_000, "000008", NINE)
        assert await bill.told(300_000, 700_000, "000008") == "000"

        await look(bill, minutes=16)

        assert await bill.payments() == [
            (0, 400_000, "inquiry", "verified"),
            (400_000, 700_000, "callback", "verified"),
        ]

    async def test_m8_several_in_one_gap_are_one_payment_and_late_callbacks_move_no_money(
        self, bill: Bill
    ) -> None:
        bill.bank_holds(900_000, "000009", NINE)
        await look(bill, minutes=16)

        answers = [
            await bill.told(500_000, 900_000, "000009"),
            await bill.told(400_000, 400_000, "000008"),
        ]

        assert answers == ["000", "000"]
        assert await bill.payments() == [(0, 900_000, "inquiry", "verified")]
        kept = [e for e in await bill.bench.rows(AuditEntry) if e.action == "payment.told_late"]
        assert sorted(entry.after["amount_idr"] for entry in kept) == [400_000, 500_000]

    async def test_m8_a_late_callback_is_known_again_whoever_else_has_paid(
        self, bill: Bill
    ) -> None:
        bill.bank_holds(900_000, "000009", NINE)
        await look(bill, minutes=16)
        (other,) = await bill.bench.register("c")
        assert await bill.bench.told(bill.bench.pay(other)) == "000"

        assert await bill.told(400_000, 400_000, "000008") == "000"
        assert len(await bill.payments()) == 2

    async def test_c6_a_late_claim_that_reaches_beyond_the_gap_is_quarantined(
        self, bill: Bill
    ) -> None:
        bill.bank_holds(500_000, "000009", NINE)
        await look(bill, minutes=16)

        assert await bill.told(200_000, 600_000, "000010") == "999"

        assert await bill.payments() == [(0, 500_000, "inquiry", "verified")]

    async def test_a_callback_before_the_inquiry_gives_the_same_sum(self, bill: Bill) -> None:
        bill.bank_holds(900_000, "000009", NINE)
        await bill.told(400_000, 400_000, "000008")

        await look(bill, minutes=16)

        assert await bill.payments() == [
            (0, 400_000, "callback", "verified"),
            (400_000, 900_000, "inquiry", "verified"),
        ]

    async def test_c11_a_forged_last_payment_is_not_confirmed_by_the_total_alone(
        self, bill: Bill
    ) -> None:
        bill.bank_holds(400_000, "000007", NINE)
        await bill.told(400_000, 400_000, "666666")

        for minutes in (1, 6, 17, 70):
            bill.bench.clock.move_to(NINE + timedelta(minutes=minutes))
            await bill.bench.work()

        assert await bill.payments() == [
            (0, 400_000, "callback", "disputed"),
            (0, 400_000, "inquiry", "verified"),
        ]


@given(st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=12))
def test_m8_what_is_known_and_what_is_missing_tile_the_total(parts: list[Any]) -> None:
    known, edge = [], 0
    for amount, told in parts:
        if told:
            known.append(Covered(edge, edge + amount, NINE))
        edge += amount

    gaps = find_gaps(reversed(known), edge, NINE)

    pieces = [(each.lower_idr, each.upper_idr) for each in (*known, *gaps)]
    reached = 0
    for lower, upper in sorted(pieces):
        assert lower == reached
        reached = upper
    assert reached == edge
    assert all(gap.amount_idr > 0 for gap in gaps)
