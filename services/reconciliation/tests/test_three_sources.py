"""Callback, inquiry and statement, in every order and combination: the same end state (C11, E1).

Each story is told anew for every order of what may be seen, with its own customer, account and
days, on one real database, and looked at after each step. Whatever the order, the payments that
stand, what bills got, the balances and the open exceptions must be the same; for some subsets the
test says what they must be.
"""

from __future__ import annotations

from collections import Counter
from typing import Any
from uuid import uuid4

import pytest
from tellings import Acts, House, Telling, every_order, every_sum

pytestmark = pytest.mark.timeout(600)


class TestOnePayment:
    async def test_callback_inquiry_and_statement(self, house: House, differing: Any) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "inquiry": telling.tell(telling.verified(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777")),
            }

        ends = await every_order(house, begin)

        for subset, state in ends.items():
            proof = "unverified" if subset == {"callback"} else "verified"
            assert state.payments == Counter({(1_000, proof, "NTB777", "bni_va", True): 1})
            assert state.bills == Counter({(1_000, 1_000): 1})
            assert (state.accounts, state.exceptions) == ({}, Counter())
        assert await differing() == []

    async def test_a_statement_that_prints_no_reference_counts_by_day(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "inquiry": telling.tell(telling.verified(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777", plain=True)),
            }

        ends = await every_order(house, begin)

        assert all(state.total_idr == 1_000 for state in ends.values())
        assert await differing() == []

    async def test_a_denial_reverses_unless_the_statement_shows_the_money(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "denial": telling.tell(telling.disputed(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777")),
            }

        ends = await every_order(house, begin)

        denied = ends[frozenset({"callback", "denial"})]
        assert (denied.total_idr, denied.bills) == (0, Counter({(1_000, 0): 1}))
        shown = ends[frozenset({"callback", "denial", "statement"})]
        assert shown.payments == Counter({(1_000, "verified", "NTB777", "bni_va", True): 1})
        for state in (denied, shown):
            assert state.exceptions == Counter({("disputed", 1_000): 1})
        assert await differing() == []


class TestTwoEqualPaymentsOfADay:
    @pytest.mark.parametrize("plain", [False, True])
    async def test_are_two_in_every_order(self, house: House, differing: Any, plain: bool) -> None:
        def begin(telling: Telling) -> Acts:
            first, second = (telling.callback(500, f"NTB77{no}") for no in "12")
            rows = [telling.row(500, f"NTB77{no}", plain=plain) for no in "12"]
            return {
                "first": telling.tell(first),
                "second": telling.tell(second),
                "inquiry": telling.tell(telling.verified(first)),
                "statement": telling.statement(*rows),
            }

        ends = await every_order(house, begin)

        both = ends[frozenset({"first", "second", "inquiry", "statement"})]
        assert Counter(row[:3] for row in both.payments.elements()) == Counter(
            {(500, "verified", "NTB771"): 1, (500, "verified", "NTB772"): 1}
        )
        assert (both.bills, both.accounts) == (Counter({(1_000, 1_000): 1}), {})
        assert await differing() == []

    async def test_a_repeated_callback_and_a_file_twice_change_nothing(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            again = payment.model_copy(update={"event_id": uuid4()})
            row = telling.row(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "repeat": telling.tell(again),
                "file": telling.statement(row),
                "longer file": telling.statement(row, days=6),
            }

        ends = await every_order(house, begin)

        assert {state.total_idr for state in ends.values()} == {1_000}
        assert await differing() == []


class TestParts:
    async def test_a_sum_that_only_the_inquiry_knows_and_its_lines(
        self, house: House, differing: Any
    ) -> None:
        """M8: payments whose callbacks were lost are one gap; the statement prints each."""

        def begin(telling: Telling) -> Acts:
            gap = telling.callback(
                1_000, "NTB772", after=1, source="inquiry", verification="verified"
            )
            return {
                "inquiry": telling.tell(gap),
                "first day": telling.statement(telling.row(400, "NTB771"), days=1),
                "second day": telling.statement(
                    telling.row(600, "NTB772", after=1), days=3, opening_idr=400
                ),
            }

        ends = await every_sum(house, begin)

        assert ends[frozenset({"inquiry", "first day", "second day"})].total_idr == 1_000
        assert ends[frozenset({"first day", "second day"})].total_idr == 1_000
        assert await differing() == []

    async def test_one_told_one_lost(self, house: House, differing: Any) -> None:
        def begin(telling: Telling) -> Acts:
            first = telling.callback(400, "NTB771")
            gap = telling.callback(
                600, "NTB772", after=1, source="inquiry", verification="verified"
            )
            rows = [telling.row(400, "NTB771"), telling.row(600, "NTB772", after=1)]
            return {
                "callback": telling.tell(first),
                "inquiry": telling.tell(telling.verified(first)),
                "gap": telling.tell(gap),
                "statement": telling.statement(*rows),
            }

        ends = await every_order(house, begin)

        for names in ({"callback", "gap"}, {"statement"}, {"callback", "statement"}):
            assert ends[frozenset(names)].bills == Counter({(1_000, 1_000): 1})
        assert await differing() == []


class TestUnknownAccounts:
    async def test_m9_money_waits_in_suspense_until_the_account_is_known(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777", customer_id=None, invoice_id=None)
            return {
                "callback": telling.tell(payment),
                "statement": telling.statement(telling.row(1_000, "NTB777")),
                "account": telling.tell(telling.account),
            }

        ends = await every_order(house, begin, prepared=False)

        nobody = ends[frozenset({"callback", "statement"})]
        assert nobody.exceptions == Counter({("unknown_payer", 1_000): 1})
        known = ends[frozenset({"callback", "statement", "account"})]
        assert [row[4] for row in known.payments] == [True]
        assert (known.bills, known.exceptions) == (Counter({(1_000, 1_000): 1}), Counter())
        assert await differing() == []


class TestAnotherAmount:
    async def test_what_the_bank_told_stands_and_a_person_is_asked(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_000, "NTB777")
            return {
                "callback": telling.tell(payment),
                "inquiry": telling.tell(telling.verified(payment)),
                "statement": telling.statement(telling.row(1_001, "NTB777")),
            }

        ends = await every_order(house, begin)

        assert ends[frozenset({"statement"})].total_idr == 1_001
        told = ends[frozenset({"callback", "statement"})]
        assert told.payments == Counter({(1_000, "unverified", "NTB777", "bni_va", True): 1})
        assert await differing() == []

    async def test_a_denied_amount_gives_way_to_what_is_printed(
        self, house: House, differing: Any
    ) -> None:
        def begin(telling: Telling) -> Acts:
            payment = telling.callback(1_002, "NTB777")
            return {
                "callback": telling.tell(payment),
                "denial": telling.tell(telling.disputed(payment)),
                "statement": telling.statement(telling.row(1_000, "NTB777")),
            }

        ends = await every_order(house, begin)

        end = ends[frozenset({"callback", "denial", "statement"})]
        assert (end.total_idr, end.bills) == (1_000, Counter({(1_000, 1_000): 1}))
        assert await differing() == []
