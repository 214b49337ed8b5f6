"""How money, days, phones and names are spelled."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from dashboard.domain import wording


class TestMoney:
    def test_groups_by_points_without_a_space_or_sen(self) -> None:
        assert wording.money(1_250_000) == "Rp1.250.000"

    def test_puts_a_true_minus_before_the_currency(self) -> None:
        assert wording.money(-500) == "\u2212Rp500"

    @pytest.mark.parametrize(
        ("amount", "spelled"),
        [(999_999, "Rp999.999"), (25_400_000, "Rp25,4 jt"), (1_249_999_999, "Rp1.250,0 jt")],
    )
    def test_shortens_from_a_million_up(self, amount: int, spelled: str) -> None:
        assert wording.short_money(amount) == spelled


class TestShare:
    @pytest.mark.parametrize(
        ("part", "whole", "percent"),
        [(3_500_000, 25_400_000, 13.8), (0, 0, 0.0), (5, 5, 100.0), (9_999, 10_000, 99.9)],
    )
    def test_only_the_whole_is_a_hundred(self, part: int, whole: int, percent: float) -> None:
        assert wording.share(part, whole) == percent

    def test_is_spelled_with_a_comma_and_one_decimal(self) -> None:
        assert wording.percent(13.8) == "13,8%"
        assert wording.percent(100) == "100,0%"


class TestTime:
    def test_t1_an_instant_is_shown_as_its_wib_day(self) -> None:
        late_in_london = datetime(2026, 12, 9, 17, 30, tzinfo=UTC)

        assert wording.moment(late_in_london) == "10 Des 2026 00.30 WIB"

    def test_t1_a_naive_instant_is_refused(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            wording.moment(datetime(2026, 12, 9, 17, 30))  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("due_on", "words"),
        [
            (date(2026, 12, 9), "hari ini"),
            (date(2026, 12, 10), "besok"),
            (date(2026, 12, 20), "11 hari lagi"),
            (date(2026, 11, 27), "lewat 12 hari"),
        ],
    )
    def test_a_due_day_is_told_from_today(self, due_on: date, words: str) -> None:
        assert wording.days_away(due_on, date(2026, 12, 9)) == words

    def test_days_are_spelled_in_indonesian(self) -> None:
        assert wording.day(date(2026, 8, 3)) == "3 Agu 2026"
        assert wording.full_day(date(2026, 12, 9)) == "Rabu, 9 Desember 2026"

    @pytest.mark.parametrize(
        ("hour", "words"), [(0, "Selamat pagi"), (5, "Selamat siang"), (9, "Selamat sore")]
    )
    def test_greets_by_the_hour_in_wib(self, hour: int, words: str) -> None:
        assert wording.greeting(datetime(2026, 12, 9, hour, tzinfo=UTC)) == words


class TestNumbersOfPeople:
    @pytest.mark.parametrize(
        ("e164", "spelled"),
        [
            ("+628561101133", "0856-1101-133"),
            ("+6281290442181", "0812-9044-2181"),
            ("+6591234567", "+6591234567"),
        ],
    )
    def test_a_phone_is_spelled_as_at_home(self, e164: str, spelled: str) -> None:
        assert wording.phone(e164) == spelled

    def test_a_virtual_account_is_read_in_fours(self) -> None:
        assert wording.virtual_account("8810081234567890") == "8810 0812 3456 7890"

    @pytest.mark.parametrize(
        ("name", "letters"),
        [("Bapak Mahmud Sulaiman", "MS"), ("Ibu Ratna", "RA"), ("Bapak", "BA"), ("", "?")],
    )
    def test_a_face_has_the_letters_of_the_name(self, name: str, letters: str) -> None:
        assert wording.initials(name) == letters
