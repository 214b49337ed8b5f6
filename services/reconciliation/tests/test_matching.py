"""Comparing what was told with what is printed: whatever the order, the same books."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.matching import NOTHING, Printed, Told, compare, words_of
from reconciliation.domain.seating import Row, seat
from shared.money import Rupiah

MONDAY = date(2026, 11, 16)
CUSTOMER = uuid4()


def told(amount: int, reference: str = "", day: int = 0, **more: bool) -> Told:
    return Told(
        id=uuid4(),
        amount=Rupiah(amount),
        day=MONDAY + timedelta(days=day),
        reference=reference,
        customer_id=CUSTOMER,
        **more,
    )


def line(amount: int, reference: str = "", day: int = 0) -> Printed:
    words = words_of("VA 8810081234567890", reference, "MAHMUD")
    on = MONDAY + timedelta(days=day)
    return Printed(id=uuid4(), amount=Rupiah(amount), day=on, words=words, customer_id=CUSTOMER)


class TestExactEvidence:
    def test_the_reference_finds_its_line_within_three_days(self) -> None:
        payment, early, late = told(500, "NTB1"), line(500, "NTB1", 3), line(500, "NTB1", 4)

        assert compare([payment], [early]).claims[0].line == early
        assert [claim.line for claim in compare([payment], [late]).claims] == [None, late]

    def test_the_reference_goes_before_the_order(self) -> None:
        first, second = told(500, "NTB1"), told(500, "NTB2")
        lines = [line(500, "NTB2"), line(500, "NTB1")]

        pairs = {c.told: c.line for c in compare([first, second], lines).claims}

        assert pairs == {first: lines[1], second: lines[0]}

    def test_without_a_reference_equal_amounts_of_a_day_are_counted(self) -> None:
        payments = [told(500, "NTB1"), told(500, "NTB2")]
        lines = [line(500), line(500), line(500)]

        claims = compare(payments, lines).claims

        assert Counter(c.told is not None for c in claims) == {True: 2, False: 1}
        assert sum((c.amount for c in claims), NOTHING) == Rupiah(1_500)

    def test_without_a_reference_another_day_is_another_payment(self) -> None:
        claims = compare([told(500, "NTB1")], [line(500, day=1)]).claims

        assert sum((c.amount for c in claims), NOTHING) == Rupiah(1_000)

    def test_the_same_reference_with_another_amount_is_no_proof_and_no_second_payment(self) -> None:
        (claim,) = compare([told(500, "NTB1")], [line(501, "NTB1")]).claims

        assert (claim.differs, claim.amount) == (True, Rupiah(500))

    def test_part_of_a_reference_is_not_the_reference(self) -> None:
        assert len(compare([told(500, "1234")], [line(500, "123456", 1)]).claims) == 2


class TestSums:
    def test_lines_are_parts_of_a_sum_while_they_fit(self) -> None:
        found = compare([told(1_500, "NTB2", is_sum=True)], [line(1_000), line(500, "NTB2")])

        assert (found.claims, found.proved) == ([], Rupiah(1_500))
        assert set(found.unshown.values()) == {NOTHING}

    def test_what_is_printed_beyond_the_sum_is_proved_too(self) -> None:
        found = compare([told(1_500, is_sum=True)], [line(1_000), line(700)])

        assert found.proved == Rupiah(1_700)

    def test_a_line_larger_than_the_sum_is_no_part_of_it(self) -> None:
        found = compare([told(500, is_sum=True)], [line(700)])

        assert sorted(claim.amount.amount for claim in found.claims) == [500, 700]

    def test_m8_a_line_with_its_number_but_more_than_all_of_it_is_no_second_payment(self) -> None:
        (claim,) = compare([told(500, "NTB1", is_sum=True)], [line(501, "NTB1")]).claims

        assert (claim.differs, claim.amount) == (True, Rupiah(500))

    def test_a_line_after_the_sum_is_no_part_of_it(self) -> None:
        found = compare([told(1_500, is_sum=True)], [line(500, day=1)])

        assert sorted(claim.amount.amount for claim in found.claims) == [500, 1_500]

    def test_a_callback_is_never_a_sum(self) -> None:
        found = compare([told(1_500, "NTB2")], [line(1_000), line(500)])

        assert sorted(c.amount.amount for c in found.claims) == [500, 1_000, 1_500]


class Books:
    """Books of one account that follow what is seen, as the handlers do."""

    def __init__(self) -> None:
        self.seen: list[Told | Printed] = []
        self.rows: list[Row] = []
        self.reversed_idr = 0
        self.expected = NOTHING
        self.differs = False

    def see(self, *news: Told | Printed) -> None:
        self.seen += news
        found = compare(self.told, [each for each in self.seen if isinstance(each, Printed)])
        plan = seat(found, self.rows)
        rows = []
        for each in plan.seats:
            subjects = frozenset(s.id for s in (each.claim.told, each.claim.line) if s)
            row = each.row or Row(
                id=uuid4(), amount=each.claim.amount, customer_id=CUSTOMER, subjects=subjects
            )
            rows.append(replace(row, subjects=subjects))
        rows += plan.held
        rows += [
            Row(
                id=uuid4(),
                amount=posting.amount,
                customer_id=CUSTOMER,
                subjects=frozenset({posting.subject.id}),
            )
            for posting in plan.postings
        ]
        self.reversed_idr += sum(row.amount.amount for row in plan.reversed)
        self.rows = rows
        self.differs = any(claim.differs for claim in found.claims)
        self.expected = sum((c.amount for c in found.claims), found.proved)

    @property
    def told(self) -> list[Told]:
        return [each for each in self.seen if isinstance(each, Told)]

    @property
    def total(self) -> Rupiah:
        return sum((row.amount for row in self.rows), NOTHING)


references = st.sampled_from(["", "NTB1", "NTB2", "NTB3"])
facts = st.tuples(st.sampled_from([300, 500, 800]), references, st.integers(0, 4))
sightings = st.lists(
    st.one_of(
        facts.map(lambda f: told(*f)),
        facts.map(lambda f: told(*f, is_sum=True)),
        facts.map(lambda f: line(*f)),
    ),
    max_size=7,
)


class TestAnyOrder:
    @given(seen=sightings, order=st.randoms(use_true_random=False))
    def test_e1_the_books_hold_what_is_proved_whatever_came_first(
        self, seen: Sequence[Told | Printed], order: object
    ) -> None:
        shuffled = list(seen)
        order.shuffle(shuffled)  # type: ignore[attr-defined]
        at_once, one_by_one = Books(), Books()
        at_once.see(*seen)
        for each in shuffled:
            before = one_by_one.total
            one_by_one.see(each)
            assert one_by_one.total == one_by_one.expected
            assert one_by_one.total >= before or one_by_one.differs

        assert one_by_one.total == at_once.total

    @given(seen=sightings)
    def test_what_both_sides_say_of_the_same_rupiah_is_counted_once(
        self, seen: Sequence[Told | Printed]
    ) -> None:
        books = Books()
        books.see(*seen)
        sides = [
            sum((each.amount for each in seen if isinstance(each, side)), NOTHING)
            for side in (Told, Printed)
        ]

        assert books.total <= sides[0] + sides[1]
        assert books.total >= sides[0]
        assert books.total >= sides[1] or books.differs

    def test_a_sum_its_parts_and_a_late_callback_end_alike_without_a_reversal(self) -> None:
        first = told(1_000, "NTB1")
        rest = told(500, "NTB2", is_sum=True)
        for order in permutations([first, rest, line(1_000, "NTB1"), line(500, "NTB2")]):
            books = Books()
            for each in order:
                books.see(each)
            assert (books.total, books.reversed_idr) == (Rupiah(1_500), 0)

    def test_a_sum_of_two_lines_needs_no_reversal_in_any_order(self) -> None:
        for order in permutations([told(1_500, is_sum=True), line(1_000), line(500)]):
            books = Books()
            for each in order:
                books.see(each)
            assert (books.total, books.reversed_idr) == (Rupiah(1_500), 0)
