"""Until the bank is asked, a line and what was told near it are one money (M8, C4, R3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tellings import Acts, House, Telling, every_order

from reconciliation.domain.matching import Comparison, Printed, Told, compare
from reconciliation.domain.waiting import until_asked, unvouched
from shared.contracts.bank_gateway import VaInquired
from shared.contracts.reconciliation import LineUnvouched
from shared.money import Rupiah

MONDAY = date(2026, 11, 16)
Published = Callable[..., Awaitable[list[Any]]]


def told(amount: int, day: int = 0, **more: bool) -> Told:
    on = MONDAY + timedelta(days=day)
    return Told(id=uuid4(), amount=Rupiah(amount), day=on, reference=f"T{amount}", **more)


def line(amount: int, day: int = 0, **more: bool) -> Printed:
    on = MONDAY + timedelta(days=day)
    return Printed(id=uuid4(), amount=Rupiah(amount), day=on, words=frozenset(), **more)


def held(comparison: Comparison) -> int:
    claims = sum(claim.amount.amount for claim in comparison.claims)
    return claims + comparison.proved.amount


class TestALineBesideWhatWasTold:
    @pytest.mark.parametrize(
        ("messages", "printed", "counted"),
        [
            ([told(400)], line(1_000), 1_000),  # a part of it
            ([told(400), told(600)], line(1_000), 1_000),  # both parts of it
            ([told(1_000, day=-1)], line(1_000), 1_000),  # the statement books a day later
            ([told(400), told(1_000, day=1)], line(1_000), 1_400),  # rather what adds up to it
            ([told(1_000)], line(400), 1_400),  # no part of it
            ([told(400, day=-4)], line(1_000), 1_400),  # too far away
        ],
    )
    def test_counts_for_what_it_prints_beyond_that(
        self, messages: list[Told], printed: Printed, counted: int
    ) -> None:
        after, _ = until_asked(compare(messages, [printed]), None)

        assert held(after) == counted

    def test_is_money_of_its_own_once_the_bank_holds_both(self) -> None:
        found = compare([told(400, in_total=True)], [line(1_000, in_total=True)])

        assert until_asked(found, Rupiah(1_400)) == (found, [])

    def test_waits_where_the_total_is_older_than_the_payment(self) -> None:
        """The bank was asked that morning; the line is of that day, and the total lacks it."""
        found = compare([told(400)], [line(1_000, in_total=True)])

        after, (waiting,) = until_asked(found, Rupiah(0))

        assert (held(after), waiting.again) == (1_000, Rupiah(400))

    def test_beside_a_sum_it_may_be_what_was_told_as_well(self) -> None:
        """Lost callbacks were found as a sum; one was told of and is dated a day on."""
        messages = [told(400), told(600, day=1, is_sum=True)]
        found = compare(messages, [line(each, day=1) for each in (400, 300, 300)])

        after, _ = until_asked(found, None)

        assert held(after) == 1_000

    def test_stays_when_news_come_of_money_that_the_total_does_not_speak_of(self) -> None:
        """A payment that stands is not taken back because another one comes."""
        found = compare([told(400, day=1)], [line(1_000, in_total=True)])

        assert until_asked(found, Rupiah(1_000)) == (found, [])


class TestWhichLinesTheBankIsAskedAbout:
    def test_one_that_nobody_told_of(self) -> None:
        alone = line(1_000)

        assert unvouched(compare([told(400)], [alone])) == [alone]

    @pytest.mark.parametrize(
        "found",
        [
            compare([told(1_000)], [line(1_000)]),
            compare([], [line(1_000, is_asked=True)]),
        ],
        ids=["told of", "asked since"],
    )
    def test_no_other(self, found: Comparison) -> None:
        assert unvouched(found) == []


AMOUNTS = st.lists(st.sampled_from([300, 400, 600, 1_000]), max_size=4)


@given(st.data(), AMOUNTS, AMOUNTS)
def test_m8_no_less_than_either_source_says_and_the_same_in_any_order(
    data: st.DataObject, told_idr: list[int], printed_idr: list[int]
) -> None:
    sums = data.draw(st.lists(st.booleans(), min_size=4, max_size=4))
    messages = [
        told(each, day=no % 2, is_sum=is_sum)
        for no, (each, is_sum) in enumerate(zip(told_idr, sums, strict=False))
    ]
    lines = [line(each, day=no % 3) for no, each in enumerate(printed_idr)]

    after, _ = until_asked(compare(messages, lines), None)

    assert max(sum(told_idr), sum(printed_idr)) <= held(after) <= sum(told_idr) + sum(printed_idr)
    other = data.draw(st.sampled_from(list(permutations(messages))))
    assert held(until_asked(compare(other, lines[::-1]), None)[0]) == held(after)


def asked(telling: Telling, bank_idr: int) -> VaInquired:
    """The bank is asked at once, after the statement came."""
    now = telling.house.clock.now()
    return VaInquired.of(
        2,
        now,
        telling.account.aggregate_id,
        trx_id=telling.account.trx_id,
        virtual_account=telling.account.number,
        customer_id=telling.customer.aggregate_id,
        invoice_id=None,
        billed_idr=0,
        bank_paid_idr=bank_idr,
        known_paid_idr=bank_idr,
        last_reference="NTB1",
        last_paid_at=now - timedelta(hours=2),
        state="active",
        asked_at=now,
    )


async def test_two_payments_are_two_as_soon_as_the_bank_says_so(
    house: House, differing: Any
) -> None:
    """One is told of; of the other only the statement knows."""

    def begin(telling: Telling) -> Acts:
        payment = telling.callback(400, "NTB1")
        return {
            "told": telling.tell(payment, telling.verified(payment)),
            "statement": telling.statement(telling.row(1_000, "NTB2", plain=True)),
            "total": telling.tell(asked(telling, 1_400)),
        }

    ends = await every_order(house, begin)

    assert ends[frozenset({"told", "statement"})].total_idr == 1_000
    both = ends[frozenset({"told", "statement", "total"})]
    assert both.total_idr == 1_400
    assert Counter(row[0] for row in both.payments) == Counter({400: 1, 1_000: 1})
    assert await differing() == []


class TestTheQuestion:
    @pytest.fixture
    async def telling(self, house: House) -> Telling:
        telling = house.open()
        await house.arrive(telling.customer, telling.bill, telling.account)
        return telling

    async def test_is_put_once_for_a_line_that_nobody_told_of(
        self, telling: Telling, told: Published
    ) -> None:
        await telling.statement(telling.row(1_000, "NTB1"))()
        await telling.tell(asked(telling, 1_000), telling.callback(1, "NTB2"))()

        (question,) = await told(LineUnvouched)
        assert question.virtual_account == telling.account.number
        assert (question.amount_idr, question.day) == (1_000, telling.day)

    async def test_is_put_when_the_account_is_known_after_the_statement(
        self, house: House, told: Published
    ) -> None:
        late = house.open()
        await house.arrive(late.customer, late.bill)
        await late.statement(late.row(1_000, "NTB1"))()
        before = await told(LineUnvouched)

        await house.arrive(late.account)

        assert (before, len(await told(LineUnvouched))) == ([], 1)

    async def test_is_put_when_the_bank_denies_what_a_line_was_taken_for(
        self, telling: Telling, told: Published
    ) -> None:
        payment = telling.callback(1_000, "NTB9")
        await telling.tell(payment)()
        await telling.statement(telling.row(1_000, "NTB1", plain=True))()
        before = await told(LineUnvouched)

        await telling.tell(telling.disputed(payment))()

        assert (before, len(await told(LineUnvouched))) == ([], 1)

    async def test_is_not_put_for_a_line_that_was_told_of(
        self, telling: Telling, told: Published
    ) -> None:
        payment = telling.callback(1_000, "NTB1")
        await telling.tell(payment)()
        await telling.statement(telling.row(1_000, "NTB1"))()

        assert await told(LineUnvouched) == []

    async def test_is_not_put_about_an_account_that_is_not_ours(
        self, house: House, told: Published
    ) -> None:
        stranger = house.open()  # nobody ever opened its account

        await stranger.statement(stranger.row(1_000, "NTB1"))()

        assert await told(LineUnvouched) == []
