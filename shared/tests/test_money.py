"""M1, M7: whole rupiah, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import AmountNotWhole, Rupiah, rupiah_from_text


class TestRupiah:
    @pytest.mark.parametrize("amount", [1.0, "1", True, None])
    def test_m1_only_a_whole_int_is_money(self, amount: object) -> None:
        with pytest.raises(TypeError):
            Rupiah(amount)  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            (0, "Rp0"),
            (999, "Rp999"),
            (1_250_000, "Rp1.250.000"),
            (-50_000, "\u2212Rp50.000"),
            (999_999_999_999, "Rp999.999.999.999"),
        ],
    )
    def test_it_reads_as_people_write_it(self, amount: int, words: str) -> None:
        assert str(Rupiah(amount)) == words

    @given(st.integers(0, 10**14), st.integers(1, 120))
    def test_m7_parts_add_up_and_the_last_takes_the_remainder(
        self, amount: int, parts: int
    ) -> None:
        shares = [share.amount for share in Rupiah(amount).split(parts)]

        assert sum(shares) == amount
        assert len(set(shares[:-1])) <= 1
        assert 0 <= shares[-1] - shares[0] < parts


class TestTextAmounts:
    @pytest.mark.parametrize("text", ["1250000", "1250000.00"])
    def test_m1_whole_amounts_are_read(self, text: str) -> None:
        assert rupiah_from_text(text) == Rupiah(1_250_000)

    @pytest.mark.parametrize(
        "text",
        ["", "-1", "+1", "1.5", "1250000.50", "1,250,000", "1.250.000", " 1", "1e6", "٣", "1" * 15],
    )
    def test_m1_anything_else_is_refused_never_rounded(self, text: str) -> None:
        with pytest.raises(AmountNotWhole):
            rupiah_from_text(text)
