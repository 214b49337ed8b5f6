"""M1: every accepted spelling of an amount reads back exactly; the rest is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.money import LARGEST_IDR
from shared.sheets.rupiah import AmountUnclear, Style, rupiah, style_of

AMOUNTS = st.integers(0, LARGEST_IDR)


def spellings(amount: int, style: Style) -> list[str]:
    grouped = f"{amount:,}".replace(",", style.group)
    plain = str(amount)
    bare = [plain, grouped, f"{plain}{style.decimal}00", f"{grouped}{style.decimal}00"]
    return [unit + text for text in bare for unit in ("", "Rp", "Rp ", "IDR ")]


@given(amount=AMOUNTS, style=st.sampled_from(Style))
def test_m1_every_accepted_spelling_reads_back_exactly(amount: int, style: Style) -> None:
    for text in spellings(amount, style):
        assert rupiah(text, style).amount == amount
        assert rupiah(f"-{text}", style).amount == -amount


@given(amount=AMOUNTS, style=st.sampled_from(Style))
def test_an_amount_with_its_sen_shows_the_style_of_its_file(amount: int, style: Style) -> None:
    grouped = f"{amount:,}".replace(",", style.group)

    assert style_of(["", "keterangan", "12", f"{grouped}{style.decimal}00"]) is style


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1.500.000,00", 1_500_000),
        ("1.500.000", 1_500_000),
        ("1500000.00", 1_500_000),
        ("1500000", 1_500_000),
        ("1,500,000.00", 1_500_000),
        ("1,500,000", 1_500_000),
        ("Rp 1.500.000", 1_500_000),
        ("0,00", 0),
        ("\u22122.500,00", -2_500),
    ],
)
def test_a_spelling_that_shows_its_style_needs_no_other(text: str, amount: int) -> None:
    assert rupiah(text, style_of([text])).amount == amount


class TestThreeDigitsBehindOneMark:
    """``1.500`` is 1500 or one and a half: the rest of the file decides, else it is refused."""

    def test_the_style_of_the_file_decides(self) -> None:
        assert rupiah("1.500", style_of(["1.500", "2.000.000,00"])).amount == 1_500
        assert rupiah("1,500", style_of(["2,000,000.00", "1,500"])).amount == 1_500

    @pytest.mark.parametrize("text", ["1.500", "1,500", "999.999"])
    def test_without_any_other_it_is_refused(self, text: str) -> None:
        with pytest.raises(AmountUnclear, match="dua cara"):
            rupiah(text, style_of([text, "1500", ""]))

    @pytest.mark.parametrize("text", ["1,500", "1,500,000", "1,500.00"])
    def test_the_other_style_in_the_same_file_is_refused(self, text: str) -> None:
        with pytest.raises(AmountUnclear):
            rupiah(text, style_of(["2.000.000,00", text]))


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "abc", "1.50", "1,5", "1.500.000,50", "1.500.000,5", "1.500.000,000", "1.50.000",
        "1..500", "15.00.000", ".500", "1.500.", "1e6", "0x10", "=1+1", "+1", "1 500", "١٢٣",
        "1.500,00,00", "100000000000000", "--1", "1-", "(1)", "NaN", "1/2", "1.234567", "00.500",
    ],
)  # fmt: skip
@pytest.mark.parametrize("style", [None, *Style])
def test_m1_everything_else_is_refused_never_rounded_never_zero(
    text: str, style: Style | None
) -> None:
    with pytest.raises(AmountUnclear):
        rupiah(text, style)
