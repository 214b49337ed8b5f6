"""Amounts in words: read back by an independent reader, they give the amount again."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporting.domain.words import LARGEST, rupiah_in_words, spell

UNITS = {
    name: value
    for value, name in enumerate(
        [
            *("nol", "satu", "dua", "tiga", "empat", "lima", "enam"),
            *("tujuh", "delapan", "sembilan", "sepuluh", "sebelas"),
        ]
    )
} | {"seratus": 100}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read(words: str) -> int:
    """Read Indonesian number words, the way a person does: left to right."""
    total = group = part = 0
    for word in words.split():
        if word == "seribu":
            total += 1000
        elif word in SCALES:
            total, group, part = total + (group + part) * SCALES[word], 0, 0
        elif word == "ratus":
            group, part = group + part * 100, 0
        elif word == "puluh":
            group, part = group + part * 10, 0
        elif word == "belas":
            part += 10
        elif word == "seratus":
            group += 100
        else:
            part += UNITS[word]
    return total + group + part


class TestSpelling:
    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (0, "nol"),
            (11, "sebelas"),
            (100, "seratus"),
            (115, "seratus lima belas"),
            (1_000, "seribu"),
            (21_000, "dua puluh satu ribu"),
            (101_000, "seratus satu ribu"),
            (1_001_000, "satu juta seribu"),
            (1_250_000, "satu juta dua ratus lima puluh ribu"),
            (1_000_000_000, "satu miliar"),
            (
                999_999_999_999,
                "sembilan ratus sembilan puluh sembilan miliar "
                "sembilan ratus sembilan puluh sembilan juta "
                "sembilan ratus sembilan puluh sembilan ribu "
                "sembilan ratus sembilan puluh sembilan",
            ),
        ],
    )
    def test_known_numbers(self, number: int, words: str) -> None:
        assert spell(number) == words

    @given(st.integers(0, LARGEST) | st.integers(0, 2_000_000))
    def test_what_is_spelled_reads_back_as_the_number(self, number: int) -> None:
        assert read(spell(number)) == number

    def test_ten_thousand_random_amounts_read_back(self) -> None:
        dice = Random(20261130)
        amounts = [dice.randrange(10 ** dice.randint(1, 15)) for _ in range(10_000)]

        assert [read(spell(amount)) for amount in amounts] == amounts

    @given(st.integers(1, 999))
    def test_a_single_thousand_is_seribu_and_never_satu_ribu(self, millions: int) -> None:
        assert spell(millions * 10**6 + 1000).endswith("juta seribu")

    @pytest.mark.parametrize("number", [-1, LARGEST + 1])
    def test_what_has_no_words_is_refused(self, number: int) -> None:
        with pytest.raises(ValueError):
            spell(number)

    def test_an_amount_names_its_currency(self) -> None:
        assert rupiah_in_words(1) == "satu rupiah"
