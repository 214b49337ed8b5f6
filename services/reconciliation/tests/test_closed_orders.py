"""Callback, inquiry and statement in every order, with the close of their day at every place (R3).

What is known when the day is closed stays on it; what comes later, and what is taken back, is
booked on the next day. In everything else the end is as if no day had been closed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tellings import Acts, NightHouse, NightTelling, State, every_order

from reconciliation.domain.certificate import Facts
from reconciliation.models import Certificate, LedgerTransaction, Payment

CLOSE = frozenset({"close"})


@pytest.fixture
def house(sessions: Any, arrive: Any, story: Any, clock: Any) -> NightHouse:
    return NightHouse(sessions, arrive, story, clock)


@pytest.fixture
def certified(house: NightHouse, rows: Any, differing: Any) -> Any:
    """``await certified()``: what is wrong once all days are closed; the certificates add up."""

    async def found() -> list[str]:
        house.open()  # another day: all the days of stories are over now
        await house.close()
        facts = [Facts.model_validate_json(each.facts) for each in await rows(Certificate)]
        assert sum(each.transactions for each in facts) == len(await rows(LedgerTransaction))
        banked = [each.accounts["bank:bni"] for each in facts if "bank:bni" in each.accounts]
        standing = [each for each in await rows(Payment) if each.reversed_at is None]
        assert sum(each.debit_idr - each.credit_idr for each in banked) == sum(
            payment.amount_idr for payment in standing
        )
        return list(await differing())

    return found


async def told_with_a_close(
    house: NightHouse, begin: Callable[[NightTelling], Acts]
) -> dict[frozenset[str], State]:
    """Tell a story in every order, the close at every place; give the end of each subset."""

    def with_close(telling: Any) -> Acts:
        return {**begin(telling), "close": telling.close()}

    ends = await every_order(house, with_close)
    for subset, state in ends.items():
        assert state == ends.get(subset - CLOSE, state), f"{subset} differs without the close"
    return {subset - CLOSE: state for subset, state in ends.items()}


class TestOnePayment:
    async def test_r3_c11_callback_inquiry_and_statement(
        self, house: NightHouse, certified: Any
    ) -> None:
        def begin(telling: NightTelling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "inquiry": telling.tell(telling.verified(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777"), days=1),
            }

        ends = await told_with_a_close(house, begin)

        assert {state.total_idr for subset, state in ends.items() if subset} == {1_000}
        assert await certified() == []

    async def test_r3_m3_a_denial_after_the_close_is_a_reversal_of_the_next_day(
        self, house: NightHouse, certified: Any
    ) -> None:
        def begin(telling: NightTelling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "denial": telling.tell(telling.disputed(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777"), days=1),
            }

        ends = await told_with_a_close(house, begin)

        assert ends[frozenset({"callback", "denial"})].total_idr == 0
        assert ends[frozenset({"callback", "denial", "statement"})].total_idr == 1_000
        assert await certified() == []


class TestTwoPaymentsOfADay:
    async def test_r3_m8_equal_ones_stay_two(self, house: NightHouse, certified: Any) -> None:
        def begin(telling: NightTelling) -> Acts:
            first, second = (telling.callback(500, f"NTB77{no}") for no in "12")
            rows = [telling.row(500, f"NTB77{no}") for no in "12"]
            return {
                "first": telling.tell(first),
                "second": telling.tell(second),
                "statement": telling.statement(*rows, days=1),
            }

        ends = await told_with_a_close(house, begin)

        assert ends[frozenset({"first", "second"})].total_idr == 1_000
        assert ends[frozenset({"statement"})].total_idr == 1_000
        assert await certified() == []

    async def test_r3_m8_one_of_which_no_callback_came(
        self, house: NightHouse, certified: Any
    ) -> None:
        def begin(telling: NightTelling) -> Acts:
            lost = {"source": "inquiry", "verification": "verified"}
            rows = [telling.row(400, "NTB771"), telling.row(600, "NTB772")]
            return {
                "callback": telling.tell(telling.callback(400, "NTB771")),
                "inquiry": telling.tell(telling.callback(600, "NTB772", **lost)),
                "statement": telling.statement(*rows, days=1),
            }

        ends = await told_with_a_close(house, begin)

        for names in ({"callback", "inquiry"}, {"statement"}, {"inquiry", "statement"}):
            assert ends[frozenset(names)].total_idr == 1_000
        assert await certified() == []
