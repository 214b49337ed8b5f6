"""The recap of a period: what opened plus what moved is what closed (M4)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.period import Group, Kind, Movement, OpenInvoices, Span, period_recap

WAWAN, SARI = UUID(int=11), UUID(int=12)
NAMES = {WAWAN: "Bapak Wawan", SARI: "Ibu Sari"}
FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
SPAN = Span(FIRST, LAST, Group.DAY)


def moved(kind: Kind, day: date | None, amount: int, owner: UUID = WAWAN) -> Movement:
    channel = "bni_va" if kind in {Kind.RECEIVED, Kind.UNIDENTIFIED} else None
    return Movement(
        kind=kind, day=day, marketing_id=owner, channel=channel, amount_idr=amount, count=1
    )


def still_open(amount: int, owner: UUID = WAWAN) -> OpenInvoices:
    return OpenInvoices(marketing_id=owner, customers=1, not_due_idr=amount, ages=(0, 0, 0, 0))


MOVEMENTS = st.lists(
    st.builds(
        moved,
        st.sampled_from(Kind),
        st.none() | st.dates(FIRST, LAST),
        st.integers(1, 10**9),
        st.sampled_from([WAWAN, SARI]),
    ),
    max_size=30,
)


class TestClosing:
    def test_the_sum_reads_as_it_stands_on_paper(self) -> None:
        recap = period_recap(
            SPAN,
            [
                moved(Kind.BILLED, None, 1000),
                moved(Kind.ALLOCATED, None, 400),
                moved(Kind.BILLED, FIRST, 500),
                moved(Kind.RECEIVED, FIRST, 350),
                moved(Kind.ALLOCATED, FIRST, 300),
                moved(Kind.CANCELLED, LAST, 100),
            ],
            [still_open(700)],
            NAMES,
        )

        assert (recap.opening_idr, recap.billed_idr, recap.allocated_idr) == (600, 500, 300)
        assert recap.closing_idr == 700
        assert recap.explained
        assert recap.credit.added_idr - recap.credit.removed_idr == 50

    def test_money_that_went_away_is_neither_credit_nor_unknown_any_more(self) -> None:
        recap = period_recap(
            SPAN,
            [
                moved(Kind.RECEIVED, None, 900),
                moved(Kind.DISPOSED, None, 200),
                moved(Kind.DISPOSED, FIRST, 300),
                moved(Kind.UNIDENTIFIED, FIRST, 70),
                moved(Kind.UNIDENTIFIED_DISPOSED, LAST, 50),
            ],
            [],
            NAMES,
        )

        assert (recap.credit.opening_idr, recap.credit.closing_idr) == (700, 400)
        assert (recap.suspense.removed_idr, recap.suspense.closing_idr) == (50, 20)

    def test_m4_open_bills_that_do_not_agree_are_said_so(self) -> None:
        recap = period_recap(SPAN, [moved(Kind.BILLED, FIRST, 500)], [still_open(499)], NAMES)

        assert not recap.explained

    @given(MOVEMENTS)
    def test_m10_the_marketing_rows_add_up_to_the_period(self, movements: list[Movement]) -> None:
        recap = period_recap(SPAN, movements, [], NAMES)

        assert sum(o.billed_idr for o in recap.owners) == recap.billed_idr
        assert sum(o.received_idr for o in recap.owners) == recap.received_idr
        assert sum(o.closing_idr for o in recap.owners) == recap.closing_idr

    @given(MOVEMENTS, st.sampled_from(Group))
    def test_pieces_and_channels_add_up_to_what_came(
        self, movements: list[Movement], group: Group
    ) -> None:
        recap = period_recap(Span(FIRST, LAST, group), movements, [], NAMES)

        assert sum(piece.received_idr for piece in recap.pieces) == recap.received_idr
        assert sum(row.received_idr for row in recap.channels) == recap.received_idr
        assert sum(row.percent for row in recap.channels) == (1000 if recap.received_idr else 0)


class TestPieces:
    @pytest.mark.parametrize(
        ("group", "count", "label"),
        [(Group.DAY, 30, "2026-11-01"), (Group.WEEK, 6, "2026-W44"), (Group.MONTH, 1, "2026-11")],
    )
    def test_empty_pieces_are_there_too(self, group: Group, count: int, label: str) -> None:
        span = Span(FIRST, LAST, group)

        starts = span.starts()

        assert len(starts) == count
        assert span.label(starts[0]) == label
        assert all(b - a >= timedelta(days=1) for a, b in pairwise(starts))
