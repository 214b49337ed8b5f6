"""A customer's position: paid + due this month + remaining = billed, whatever is owed (M4, M6)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.position import Owed, State, position

TODAY = date(2026, 11, 23)
ANYBODY = UUID(int=1)


def owed(days: int, total: int, paid: int = 0, invoiced: bool = True) -> Owed:
    return Owed(ANYBODY, TODAY + timedelta(days=days), total, paid, invoiced)


AMOUNTS = st.lists(
    st.builds(
        lambda days, total, part, invoiced: owed(days, total, total * part // 100, invoiced),
        st.integers(-400, 400),
        st.integers(1, 10**12),
        st.integers(0, 100),
        st.booleans(),
    ),
    max_size=30,
)


class TestPosition:
    def test_the_example_of_the_specification(self) -> None:
        found = position(
            [owed(-30, 3_500_000, 3_500_000), owed(5, 1_200_000), owed(40, 20_700_000)], TODAY
        )

        assert found.billed_idr == 25_400_000
        assert found.percents == (138, 47, 815)
        assert found.unpaid_idr == 21_900_000

    @given(AMOUNTS)
    def test_m4_the_parts_add_up_to_the_whole(self, amounts: list[Owed]) -> None:
        found = position(amounts, TODAY)

        parts = found.paid_idr + found.due_this_month_idr + found.remaining_idr
        assert parts == found.billed_idr == sum(a.total_idr for a in amounts)
        assert min(found.due_this_month_idr, found.remaining_idr, found.overdue_idr) >= 0
        assert found.overdue_idr <= found.unpaid_idr
        assert sum(found.percents) == (1000 if found.billed_idr else 0)

    @given(AMOUNTS, st.randoms())
    def test_the_order_does_not_matter(self, amounts: list[Owed], random) -> None:
        shuffled = amounts[:]
        random.shuffle(shuffled)

        assert position(shuffled, TODAY) == position(amounts, TODAY)

    def test_a_bill_due_today_is_not_late_yet(self) -> None:
        found = position([owed(0, 100)], TODAY)

        assert found.overdue_idr == 0
        assert found.next_due_on == TODAY

    def test_what_is_not_issued_is_never_late(self) -> None:
        assert position([owed(-5, 100, invoiced=False)], TODAY).overdue_idr == 0

    def test_several_amounts_of_the_next_day_are_named_together(self) -> None:
        found = position([owed(5, 100), owed(5, 50), owed(9, 70)], TODAY)

        assert (found.next_due_on, found.next_due_idr) == (TODAY + timedelta(days=5), 150)


class TestState:
    @pytest.mark.parametrize(
        ("amounts", "state"),
        [
            ([], State.NONE),
            ([owed(-1, 100), owed(2, 100)], State.OVERDUE),
            ([owed(-1, 100, 100)], State.PAID),
            ([owed(3, 100)], State.DUE_SOON),
            ([owed(4, 100)], State.ISSUED),
            ([owed(4, 100, 1)], State.PARTIALLY_PAID),
            ([owed(40, 100, invoiced=False)], State.SCHEDULED),
        ],
    )
    def test_the_most_urgent_state_is_named(self, amounts: list[Owed], state: State) -> None:
        assert position(amounts, TODAY).state(TODAY) is state
