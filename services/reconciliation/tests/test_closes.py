"""R3: closing days through the real handlers: certificates, their chain, and who comes late."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reconciliation.domain.certificate import (
    DayNotOver,
    Facts,
    Figure,
    NothingToClose,
    NotTheNextDay,
    due_day,
)
from reconciliation.handlers.closes import close_day, close_due_day
from reconciliation.models import Certificate, LedgerTransaction, Payment
from reconciliation.store import closes as store
from shared.clock import WIB, FrozenClock
from shared.contracts.bank_gateway import PaymentDisputed
from shared.database import Sessions
from shared.principal import Principal

SYSTEM = Principal.system("reconciliation")
MONDAY = date(2026, 11, 23)  # the tests' clock stands at 09.00 of it
TUESDAY = MONDAY + timedelta(days=1)

Close = Callable[[date], Awaitable[Certificate]]


def at(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=WIB)


def facts(certificate: Certificate) -> Facts:
    return Facts.model_validate_json(certificate.facts)


@pytest.fixture
def close(sessions: Sessions) -> Close:
    async def run(day: date) -> Certificate:
        async with sessions.begin(SYSTEM) as session:
            return await close_day(session, day)

    return run


@pytest.fixture
async def monday(story: Any, arrive: Any, clock: FrozenClock) -> Any:
    """Monday: a bill of Rp1.000, Rp1.200 for it, Rp70 of nobody. Now it is Tuesday, 03.00."""
    customer = story.customer()
    bill = story.invoice(customer.aggregate_id, 1_000)
    payment = story.payment(1_200, bill)
    await arrive(customer, bill, payment, story.payment(70))
    clock.move_to(at(TUESDAY, 3))
    return payment


class TestACertificate:
    async def test_says_what_the_day_held(self, close: Close, monday: Any) -> None:
        certificate = await close(MONDAY)

        held = facts(certificate)
        assert (held.transactions, held.entries) == (4, 8)
        assert held.channels["bni_va"].model_dump() == {"count": 2, "amount_idr": 1_270}
        assert held.verification["unverified"].count == 2
        balances = {name: account.balance_idr for name, account in held.accounts.items()}
        assert balances == {
            "bank:bni": 1_270,
            "billed": -1_000,
            "credit": -200,
            "receivable": 0,
            "suspense": -70,
        }
        assert held.unexplained == Figure(count=1, amount_idr=70)
        assert set(held.exceptions) == {"overpaid", "unknown_payer"}

    async def test_closing_twice_gives_the_same_one(self, close: Close, monday: Any) -> None:
        assert await close(MONDAY) == await close(MONDAY)

    async def test_k1_closing_at_once_gives_the_same_one(self, close: Close, monday: Any) -> None:
        made = await asyncio.gather(*(close(MONDAY) for _ in range(4)))

        assert len({certificate.checksum for certificate in made}) == 1

    async def test_is_chained_to_the_one_before(
        self, close: Close, monday: Any, clock: FrozenClock, differing: Any
    ) -> None:
        clock.move_to(at(TUESDAY + timedelta(days=1), 3))

        first, second = await close(MONDAY), await close(TUESDAY)

        assert (first.previous, first.no) == ("", 1)
        assert (second.previous, second.no) == (first.checksum, 2)
        assert facts(second).accounts["bank:bni"].balance_idr == 1_270
        assert await differing() == []


class TestWhichDay:
    async def test_today_is_not_over(self, close: Close, monday: Any, clock: FrozenClock) -> None:
        clock.move_to(at(MONDAY, 23, 59, 59))
        with pytest.raises(DayNotOver):
            await close(MONDAY)

        clock.move_to(at(TUESDAY, 0))
        assert (await close(MONDAY)).day == MONDAY

    async def test_only_the_next_in_order(
        self, close: Close, monday: Any, clock: FrozenClock
    ) -> None:
        clock.move_to(at(TUESDAY + timedelta(days=5), 3))
        for day in (TUESDAY, MONDAY - timedelta(days=1)):
            with pytest.raises(NotTheNextDay, match="23-11-2026"):
                await close(day)

    async def test_none_before_anything_is_booked(self, close: Close) -> None:
        with pytest.raises(NothingToClose):
            await close(MONDAY - timedelta(days=1))

    async def test_r3_by_itself_from_two_in_the_morning(
        self, sessions: Sessions, monday: Any, clock: FrozenClock
    ) -> None:
        async def closed() -> date | None:
            async with sessions.begin(SYSTEM) as session:
                certificate = await close_due_day(session)
                return certificate and certificate.day

        clock.move_to(at(TUESDAY, 1, 59, 59))
        assert await closed() is None
        clock.move_to(at(TUESDAY, 2))
        assert [await closed(), await closed()] == [MONDAY, None]

    @pytest.mark.parametrize(
        ("now", "due"),
        [
            (datetime(2026, 11, 30, 18, 59, tzinfo=UTC), None),  # 1 December, 01.59 WIB
            (datetime(2026, 11, 30, 19, 0, tzinfo=UTC), date(2026, 11, 30)),
            (datetime(2028, 2, 29, 19, 0, tzinfo=UTC), date(2028, 2, 29)),
            (datetime(2026, 12, 31, 19, 0, tzinfo=UTC), date(2026, 12, 31)),
            (datetime(2027, 1, 1, 16, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
        ],
    )
    def test_t4_at_the_edges_of_months_and_years(self, now: datetime, due: date | None) -> None:
        assert due_day(due or date(2026, 11, 30), now) == due

    def test_r3_older_days_are_due_at_once(self) -> None:
        assert due_day(MONDAY, at(MONDAY + timedelta(days=2), 0, 0, 1)) == MONDAY
        assert due_day(MONDAY, at(MONDAY, 12)) is None
        assert due_day(None, at(MONDAY, 12)) is None


class TestMoneyThatComesLate:
    async def test_t2_is_booked_on_its_own_day_while_that_is_open(
        self, story: Any, arrive: Any, close: Close, monday: Any
    ) -> None:
        await arrive(story.payment(30, paid_at=at(MONDAY, 23, 59, 59)))

        assert facts(await close(MONDAY)).channels["bni_va"].amount_idr == 1_300

    async def test_r3_is_booked_on_the_open_day_and_named_in_its_certificate(
        self, story: Any, arrive: Any, close: Close, monday: Any, clock: FrozenClock, sessions: Any
    ) -> None:
        await close(MONDAY)
        late = story.payment(30, paid_at=at(MONDAY, 23, 59, 59))
        await arrive(late, story.payment(50, paid_at=at(TUESDAY, 1)))
        clock.move_to(at(TUESDAY + timedelta(days=1), 3))

        held = facts(await close(TUESDAY))

        assert held.channels["bni_va"].amount_idr == 80
        assert held.late.model_dump() == {"count": 1, "amount_idr": 30}
        async with sessions.begin(SYSTEM) as session:
            (named,) = await store.late_arrivals(session, TUESDAY, 10)
        assert (named["id"], named["paid_at"]) == (late.aggregate_id, late.paid_at)

    async def test_m3_a_reversal_after_the_close_is_of_the_open_day(
        self, story: Any, arrive: Any, close: Close, monday: Any, clock: FrozenClock, rows: Any
    ) -> None:
        first = await close(MONDAY)
        word = {"verification": "disputed", "trouble": "tidak dikenal bank"}
        await arrive(story.next(monday, PaymentDisputed, **word))
        clock.move_to(at(TUESDAY + timedelta(days=1), 3))

        held = facts(await close(TUESDAY))

        assert held.reversed.model_dump() == {"count": 1, "amount_idr": 1_200}
        assert held.accounts["bank:bni"].model_dump() == {
            "debit_idr": 0,
            "credit_idr": 1_200,
            "balance_idr": 70,
        }
        reversals = [row for row in await rows(LedgerTransaction) if row.kind == "reversal"]
        assert {row.booked_on for row in reversals} == {TUESDAY}
        assert await close(MONDAY) == first


class TestAtOnce:
    async def test_k1_each_payment_is_in_one_certificate_whole(
        self, story: Any, arrive: Any, close: Close, monday: Any, clock: FrozenClock, rows: Any
    ) -> None:
        coming = [story.payment(100 + no, paid_at=at(MONDAY, 22)) for no in range(12)]

        first, *_ = await asyncio.gather(close(MONDAY), *(arrive(each) for each in coming))

        clock.move_to(at(TUESDAY + timedelta(days=1), 3))
        second = await close(TUESDAY)
        amounts = [facts(each).channels["bni_va"].amount_idr for each in (first, second)]
        assert sum(amounts) == sum(payment.amount_idr for payment in await rows(Payment))
        assert facts(second).late.amount_idr == amounts[1]


Step = Callable[[int], Awaitable[Any]]
ACTS = st.sampled_from(["pay", "pay", "bill", "dispute", "wait", "close"])


@pytest.fixture
def steps(story: Any, arrive: Any, clock: FrozenClock, sessions: Sessions) -> dict[str, Step]:
    """What may happen to the books, each with a number that varies it."""
    customer, paid = story.customer(), [story.payment(5)]

    async def pay(number: int) -> None:
        when = clock.now() - timedelta(hours=number % 70)
        mine = {"customer_id": customer.aggregate_id, "paid_at": when}
        paid.append(story.payment(number, **mine))
        await arrive(customer, paid[-1])

    async def bill(number: int) -> None:
        await arrive(customer, story.invoice(customer.aggregate_id, number))

    async def dispute(number: int) -> None:
        word = {"verification": "disputed", "trouble": "x"}
        await arrive(story.next(paid[number % len(paid)], PaymentDisputed, **word))

    async def wait(number: int) -> None:
        clock.advance(timedelta(hours=number % 40))

    async def close(_number: int) -> None:
        async with sessions.begin(SYSTEM) as session:
            while await close_due_day(session) is not None:
                pass

    return {each.__name__: each for each in (pay, bill, dispute, wait, close)}


class TestAnyHistory:
    @settings(
        max_examples=12,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(acts=st.lists(st.tuples(ACTS, st.integers(1, 900)), min_size=4, max_size=14))
    async def test_r3_the_certificates_sum_to_the_ledger(
        self,
        acts: list[tuple[str, int]],
        steps: dict[str, Step],
        clock: FrozenClock,
        rows: Any,
        differing: Any,
    ) -> None:
        for act, number in acts:
            await steps[act](number)
        clock.advance(timedelta(days=2))
        await steps["close"](0)

        certified = [facts(certificate) for certificate in await rows(Certificate)]
        banked = [each.accounts["bank:bni"] for each in certified if "bank:bni" in each.accounts]
        live = [payment for payment in await rows(Payment) if payment.reversed_at is None]
        assert sum(each.transactions for each in certified) == len(await rows(LedgerTransaction))
        assert all(
            sum(account.balance_idr for account in each.accounts.values()) == 0
            for each in certified
        )
        assert sum(account.debit_idr - account.credit_idr for account in banked) == sum(
            payment.amount_idr for payment in live
        )
        assert await differing() == []
