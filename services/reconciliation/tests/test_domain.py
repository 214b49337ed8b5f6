"""M2: entries that sum to zero. S: what a payment may become."""

from __future__ import annotations

from collections import Counter
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.ledger import Entry, NotBalanced, balanced, bill, pay, receive, reverse
from reconciliation.domain.payment import (
    VERIFICATIONS,
    PaymentStatus,
    Verification,
    status_of,
    verify,
)
from shared.errors import InvalidTransition
from shared.money import Rupiah

MAHMUD = UUID(int=1)
amounts = st.integers(1, 10**14 - 1).map(Rupiah)


def balances(*movements: list[Entry]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for entries in movements:
        for entry in entries:
            total[entry.account] += entry.amount.amount
    return {account: amount for account, amount in total.items() if amount}


class TestTheLedger:
    @given(total=amounts, paid=amounts)
    def test_m2_every_movement_sums_to_zero(self, total: Rupiah, paid: Rupiah) -> None:
        for entries in (
            bill(MAHMUD, total),
            receive("bni_va", MAHMUD, paid),
            receive("bni_va", None, paid),
            pay(MAHMUD, paid),
            reverse(pay(MAHMUD, paid)),
        ):
            assert sum(entry.amount.amount for entry in entries) == 0

    def test_a_bill_that_is_paid_leaves_money_at_the_bank(self) -> None:
        amount = Rupiah(1_000)

        books = balances(
            bill(MAHMUD, amount), receive("bni_va", MAHMUD, amount), pay(MAHMUD, amount)
        )

        assert books == {"bank:bni": 1_000, "billed": -1_000}

    def test_m9_money_of_nobody_is_in_suspense(self) -> None:
        assert balances(receive("bni_va", None, Rupiah(5))) == {"bank:bni": 5, "suspense": -5}

    def test_m3_a_reversal_leaves_nothing(self) -> None:
        posted = receive("bni_va", MAHMUD, Rupiah(7))

        assert balances(posted, reverse(posted)) == {}

    @pytest.mark.parametrize("parts", [[], [5], [5, -4], [0, 0]])
    def test_m2_anything_else_is_a_bug(self, parts: list[int]) -> None:
        with pytest.raises(NotBalanced):
            balanced([Entry("billed", Rupiah(part)) for part in parts])


class TestTheBanksWord:
    @pytest.mark.parametrize(("current", "told"), list(product(Verification, Verification)))
    def test_s_every_pair_is_taken_ignored_or_refused(
        self, current: Verification, told: Verification
    ) -> None:
        if told in {current, Verification.UNVERIFIED}:
            assert verify(current, told) is current
        elif told in VERIFICATIONS[current]:
            assert verify(current, told) is told
        else:
            with pytest.raises(InvalidTransition):
                verify(current, told)


class TestThePaymentsStatus:
    @pytest.mark.parametrize(
        ("allocated", "reversed_", "status"),
        [
            (0, False, PaymentStatus.POSTED),
            (99, False, PaymentStatus.POSTED),
            (100, False, PaymentStatus.ALLOCATED),
            (0, True, PaymentStatus.REVERSED),
        ],
    )
    def test_allocated_means_that_nothing_is_left(
        self, allocated: int, reversed_: bool, status: PaymentStatus
    ) -> None:
        assert status_of(Rupiah(100), Rupiah(allocated), reversed_=reversed_) is status
