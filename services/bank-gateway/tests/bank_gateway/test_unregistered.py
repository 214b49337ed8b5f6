"""Money on a billing that we never registered: asked about until it is whole (C5, M8, M9, R2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bank_gateway.domain.bank import Outcome
from bni_protocol.codes import Answer
from bni_protocol.fields import Billing, BillingType, Notification

NINE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
NUMBER = "8001999999999999"
LOWER = {
    "payment_amount": "300000", "cumulative_payment_amount": "300000", "payment_ntb": "000001",
}  # fmt: skip


@pytest.fixture
def upper(bench: Any) -> dict[str, str]:
    """The bank holds two payments of 300.000 and 200.000; give the notification of the second."""
    bench.bank.billings["NOBODY-1"] = Billing(
        trx_id="NOBODY-1", trx_amount_idr=1_000_000, customer_name="X", virtual_account=NUMBER,
        billing_type=BillingType.INSTALLMENT, expires_at=NINE + timedelta(days=9),
    )  # fmt: skip
    notice = Notification(
        trx_id="NOBODY-1", virtual_account=NUMBER, customer_name="X", trx_amount_idr=1_000_000,
        payment_amount_idr=200_000, cumulative_idr=500_000, payment_ntb="000002", paid_at=NINE,
    )  # fmt: skip
    bench.bank.payments["NOBODY-1"] = notice
    bench.clock.move_to(NINE)
    return notice.members()


async def test_m8_m9_what_is_missing_below_it_is_taken_from_the_bank(
    bench: Any, upper: dict[str, str], differing: Any
) -> None:
    assert await bench.told(upper) == "000"
    await bench.work()
    assert [payment.amount_idr for payment in await bench.payments()] == [200_000]
    assert await differing() == []  # the bank is still asked

    await bench.heal(minutes=16)

    _, lower = await bench.payments()
    assert (lower.amount_idr, lower.cumulative_idr) == (300_000, 300_000)
    assert (lower.status, lower.verification, lower.source) == ("unmatched", "verified", "inquiry")
    received = await bench.events("payment.received")
    assert [event.amount_idr for event in received] == [200_000, 300_000]
    assert {event.customer_id for event in received} == {None}
    assert await bench.work_left() == set()
    assert await differing() == []


async def test_m8_its_callback_that_comes_after_all_moves_no_money(
    bench: Any, upper: dict[str, str]
) -> None:
    await bench.told(upper)
    await bench.work()
    await bench.heal(minutes=16)

    assert await bench.told(upper | LOWER) == "000"
    assert len(await bench.payments()) == 2
    assert await bench.events("notice") == []


async def test_m9_a_false_message_about_it_leads_to_the_money_that_is_there(
    bench: Any, upper: dict[str, str]
) -> None:
    assert await bench.told(upper | {"virtual_account": "8001999999999998"}) == "000"

    await bench.work()
    await bench.heal(minutes=16)

    false, found = await bench.payments()
    assert (false.verification, found.verification) == ("disputed", "verified")
    assert (found.amount_idr, found.virtual_account) == (500_000, NUMBER)


async def silent_until_a_person_is_asked(bench: Any) -> None:
    async def silent(inquiry: Any) -> Any:
        return Outcome(Answer.LATER)

    answering, bench.bank.inquire = bench.bank.inquire, silent
    for _ in range(45):
        await bench.heal(hours=6)
    bench.bank.inquire = answering


async def test_r2_what_the_bank_never_tells_is_for_a_person(
    bench: Any, upper: dict[str, str], differing: Any
) -> None:
    await bench.told(upper)
    await bench.work()
    await silent_until_a_person_is_asked(bench)

    told = (await bench.events("notice"))[-1]
    assert (told.contradiction, told.amount_idr) == ("missing_money", 300_000)
    assert len(await differing()) == 1


async def test_r2_what_the_bank_confirms_after_a_person_was_asked_needs_him_no_more(
    bench: Any, upper: dict[str, str]
) -> None:
    await bench.told(upper)
    await silent_until_a_person_is_asked(bench)
    (asked,) = await bench.events("notice")
    assert (asked.contradiction, asked.amount_idr) == ("unknown_billing", 200_000)

    await bench.told(upper | LOWER)
    await bench.work()

    settled = (await bench.events("notice"))[-1]
    assert (settled.TYPE, settled.outcome) == ("notice.settled", "genuine_came")
    assert settled.aggregate_id == asked.aggregate_id
    assert settled.aggregate_version > asked.aggregate_version
    assert len(await bench.events("notice")) == 2
    assert await bench.work_left() == set()


async def test_r2_m8_missing_money_that_is_told_of_after_a_person_was_asked_needs_him_no_more(
    bench: Any, upper: dict[str, str], differing: Any
) -> None:
    await bench.told(upper)
    await bench.work()
    await silent_until_a_person_is_asked(bench)
    (asked,) = await bench.events("notice")

    await bench.told(upper | LOWER)
    await bench.work()

    settled = (await bench.events("notice"))[-1]
    assert (settled.TYPE, settled.aggregate_id) == ("notice.settled", asked.aggregate_id)
    assert settled.aggregate_version > asked.aggregate_version
    assert await differing() == []
