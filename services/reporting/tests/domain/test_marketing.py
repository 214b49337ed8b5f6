"""The recap per Marketing (M10)."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.marketing import Collection, add_up, marketing_recap, most_overdue

AMOUNT = st.integers(0, 10**11)


def collection(number: int, owner: int, billed: int, paid: int, late: int = 0) -> Collection:
    return Collection(
        customer_id=UUID(int=number),
        number=f"PLG-{number:06d}",
        name=f"Pelanggan {number}",
        phone="+628561101133",
        contract="Kavling",
        product="Kavling",
        marketing_id=UUID(int=owner),
        marketing_name=f"Marketing {owner}",
        bills=1,
        billed_idr=billed,
        paid_idr=min(paid, billed),
        received_idr=paid,
        ages=(late, 0, 0, 0),
        oldest_due_on=None,
    )


COLLECTIONS = st.lists(
    st.builds(collection, st.integers(1, 10**6), st.integers(1, 5), AMOUNT, AMOUNT, AMOUNT),
    max_size=40,
    unique_by=lambda c: c.customer_id,
)


class TestRecap:
    @given(COLLECTIONS)
    def test_m10_the_marketing_rows_add_up_to_the_whole(self, given_rows: list[Collection]) -> None:
        recap = marketing_recap(given_rows, {})

        for name in (
            "customers",
            "bills",
            "billed_idr",
            "paid_idr",
            "outstanding_idr",
            "overdue_idr",
            "received_idr",
        ):
            assert sum(getattr(r.totals, name) for r in recap.rows) == getattr(recap.totals, name)

    @given(COLLECTIONS)
    def test_m10_each_own_recap_is_his_row_of_the_whole(self, given_rows: list[Collection]) -> None:
        whole = marketing_recap(given_rows, {})

        for row in whole.rows:
            own = [c for c in given_rows if c.marketing_id == row.marketing_id]
            assert marketing_recap(own, {}).totals == row.totals

    def test_a_marketing_without_customers_has_a_row_of_zeros(self) -> None:
        recap = marketing_recap([], {UUID(int=9): "Bapak Rudi"})

        assert [(row.name, row.totals.billed_idr) for row in recap.rows] == [("Bapak Rudi", 0)]

    def test_the_rate_is_rounded_down(self) -> None:
        assert add_up([collection(1, 1, 3, 2)]).percent == 666

    def test_the_largest_arrears_come_first_and_nobody_without(self) -> None:
        rows = [collection(1, 1, 9, 0, 5), collection(2, 1, 9, 0, 9), collection(3, 1, 9, 9)]

        assert [c.customer_id.int for c in most_overdue(rows)] == [2, 1]
