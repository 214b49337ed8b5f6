"""Whether a bank's text names a customer, whatever the bank and its spelling did to the name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.domain.names import likeness, lookups, name_words, said_words

NAMES = st.lists(
    st.sampled_from(["MAHMUD", "SULAIMAN", "SITI", "AMINAH", "BUDI", "RAHARJO", "WIJAYA"]),
    min_size=1,
    max_size=4,
    unique=True,
)
NOISE = st.lists(st.sampled_from(["TRSF", "DARI", "BAYAR", "KAVLING", "BNI", "DES"]), max_size=4)


class TestTheSameName:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("MAHMUD SULAIMAN BAYAR KAVLING", "Bapak Mahmud Sulaiman"),
            ("TRSF E-BANKING CR 2511/FTSCY/WS95031 SULAIMAN MAHMUD", "H. Mahmud Sulaiman, S.E."),
            ("BI-FAST DARI BNI MAHMUDSULAIMAN", "Bpk. Mahmud Sulaiman"),
            ("MAHMUD SUL AIMAN", "Mahmud Sulaiman"),
            ("SOEHARTO DJOJOHADIKUSUMO", "Suharto Jojohadikusumo"),
            ("MOCH ACHMAD FAUZI", "Muhammad Ahmad Fauzi"),
            ("MAJU JAYA ABADI PT", "PT. Maju Jaya Abadi, Tbk"),
            ("PEMBAYARAN KAVLING LI NA", "Li Na"),
        ],
    )
    def test_titles_noise_order_and_spelling_do_not_hide_it(self, text: str, name: str) -> None:
        assert likeness(text, name).is_whole

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("MAHMUD SULA", "Mahmud Sulaiman"),
            ("MAHMUD SULAEMANN", "Mahmud Sulaiman"),
            ("M SULAIMAN", "Mahmud Sulaiman"),
            ("MAHMUD SULAIMAN", "M. Sulaiman Hakim"),
        ],
    )
    def test_a_cut_a_mistyped_or_an_initial_is_nearly_the_same(self, text: str, name: str) -> None:
        assert 0.5 < likeness(text, name).share < 1

    @given(NAMES, NOISE, st.randoms())
    def test_the_order_of_words_never_matters(
        self, name: list[str], noise: list[str], random: object
    ) -> None:
        said, turned = [*name, *noise], [*name, *noise]
        random.shuffle(turned)  # type: ignore[attr-defined]

        found = likeness(" ".join(said), " ".join(name))

        assert found.is_whole
        assert likeness(" ".join(turned), " ".join(reversed(name))).share == found.share


class TestAnotherName:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("RATNO", "Ratna Sari"),
            ("BAYAR KAVLING DES", "Bapak Mahmud Sulaiman"),
            ("BAPAK H IBU", "Bapak Budi Haryanto"),
            ("M", "Mahmud Sulaiman"),
            ("", "Mahmud Sulaiman"),
            ("MAHMUD", ""),
        ],
    )
    def test_likeness_by_chance_or_title_is_none(self, text: str, name: str) -> None:
        assert likeness(text, name).share == 0

    def test_a_first_name_that_many_have_says_little(self) -> None:
        common = likeness("SITI", "Siti Nurhaliza")
        rare = likeness("NURHALIZA", "Siti Nurhaliza")

        assert common.share < rare.share / 3

    @given(st.text(max_size=40), st.text(max_size=40))
    def test_any_text_gives_a_share_between_nothing_and_all(self, text: str, name: str) -> None:
        assert 0 <= likeness(text, name).share <= 1


class TestLookingUp:
    def test_the_banks_words_are_not_looked_for(self) -> None:
        assert said_words("TRSF DARI BNI MAHMUD BAYAR KAVLING A1") == ("MAHMUD",)

    def test_a_name_of_titles_only_keeps_them(self) -> None:
        assert name_words("Haji Pak") == ("HAJI", "PAK")

    @pytest.mark.parametrize(
        ("text", "mark"),
        [("SUHARTO", "SOEHARTO"), ("JOKO", "DJOKO"), ("MOCH", "MUHAMMAD"), ("SULA", "SULAIMAN")],
    )
    def test_old_spellings_and_cut_words_are_found(self, text: str, mark: str) -> None:
        assert mark[:3] in {each.start for each in lookups(text)}
