"""The VAT inside a price, under the rule of its day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.vat import inside


class TestVat:
    def test_since_2025_it_is_twelve_percent_of_eleven_twelfths(self) -> None:
        vat = inside(111_000_000, date(2026, 12, 10))

        assert (vat.price_idr, vat.base_idr, vat.vat_idr) == (100_000_000, 91_666_667, 11_000_000)
        assert (vat.percent, vat.reduced) == (12, True)

    def test_before_it_was_eleven_percent_of_the_price(self) -> None:
        vat = inside(111_000, date(2024, 12, 31))

        assert (vat.price_idr, vat.base_idr, vat.vat_idr) == (100_000, 100_000, 11_000)
        assert (vat.percent, vat.reduced) == (11, False)

    def test_before_the_first_rule_nothing_is_said(self) -> None:
        assert inside(111_000, date(2022, 3, 31)) is None

    @given(st.integers(1, 10**12), st.sampled_from([date(2023, 1, 1), date(2027, 1, 1)]))
    def test_price_and_vat_add_up_to_the_total(self, total: int, on: date) -> None:
        vat = inside(total, on)

        assert vat.price_idr + vat.vat_idr == total
        assert abs(vat.vat_idr * 100 - vat.price_idr * 11) <= 111

    @pytest.mark.parametrize(("total", "vat"), [(1, 0), (5, 0), (10, 1)])
    def test_small_amounts_round_to_the_nearest_rupiah(self, total: int, vat: int) -> None:
        assert inside(total, date(2026, 1, 1)).vat_idr == vat
