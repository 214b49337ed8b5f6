"""Shares in tenths of a percent (largest remainder)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.share import WHOLE, ratio, shares

AMOUNTS = st.lists(st.integers(0, 10**14), min_size=1, max_size=6)


class TestShares:
    def test_the_sample_that_did_not_add_up_does(self) -> None:
        assert shares([3_500_000, 1_200_000, 20_700_000]) == [138, 47, 815]

    @given(AMOUNTS)
    def test_shares_add_up_to_one_hundred_percent_or_to_nothing(self, amounts: list[int]) -> None:
        assert sum(shares(amounts)) == (WHOLE if sum(amounts) else 0)

    @given(AMOUNTS)
    def test_no_share_is_off_by_a_whole_tenth(self, amounts: list[int]) -> None:
        total = sum(amounts) or 1

        for amount, share in zip(amounts, shares(amounts), strict=True):
            assert abs(share * total - amount * WHOLE) < total or not sum(amounts)

    def test_equal_remainders_favour_the_earlier_amount(self) -> None:
        assert shares([1, 1, 1]) == [334, 333, 333]

    def test_a_negative_amount_is_a_bug(self) -> None:
        with pytest.raises(ValueError):
            shares([-1, 2])


class TestRatio:
    def test_one_rupiah_short_is_never_shown_as_everything(self) -> None:
        assert ratio(9_999_999, 10_000_000) == 999

    def test_a_part_of_nothing_is_nothing(self) -> None:
        assert ratio(0, 0) == 0
