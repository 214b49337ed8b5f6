"""Phones, text, days and cursors: what comes in is read one way or refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from shared import paging
from shared.clock import WIB, FrozenClock, ShiftedClock, aware, business_day, end_of_day
from shared.phones import PhoneNotValid, is_indonesian_mobile, normalise, search_digits
from shared.text import clean


class TestPhones:
    @pytest.mark.parametrize(
        "spelling",
        ["0856 110 1133", "0856-1101-133", "628561101133", "+62 856 1101 133", "8561101133"],
    )
    def test_every_spelling_is_one_number(self, spelling: str) -> None:
        assert normalise(spelling) == "+628561101133"

    @pytest.mark.parametrize("nonsense", ["", "abc", "0", "08", "+62", "123456789012345678"])
    def test_nonsense_is_refused(self, nonsense: str) -> None:
        with pytest.raises(PhoneNotValid):
            normalise(nonsense)

    @pytest.mark.parametrize(
        ("number", "mobile"),
        [("+628561101133", True), ("+62251312345", False), ("+6591234567", False)],
    )
    def test_whatsapp_needs_an_indonesian_mobile(self, number: str, mobile: bool) -> None:
        assert is_indonesian_mobile(number) is mobile

    @pytest.mark.parametrize("typed", ["0856 110", "62856110", "+62 856-110", "856110"])
    def test_part_of_a_number_is_found_in_any_spelling(self, typed: str) -> None:
        assert search_digits(typed) == "856110"


class TestText:
    def test_b5_control_characters_go_and_letters_are_composed(self) -> None:
        assert clean(" Re\u0301na\x07 \r\nBogor ") == "R\u00e9na \nBogor"

    def test_b5_nul_is_refused(self) -> None:
        with pytest.raises(ValueError, match="NUL"):
            clean("a\x00")


class TestTime:
    def test_t1_a_naive_datetime_is_a_bug(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            aware(datetime(2026, 11, 23))  # noqa: DTZ001

    @pytest.mark.parametrize(
        ("instant", "day"),
        [
            (datetime(2026, 12, 31, 16, 59, 59, tzinfo=UTC), date(2026, 12, 31)),
            (datetime(2026, 12, 31, 17, 0, 0, tzinfo=UTC), date(2027, 1, 1)),
            (datetime(2028, 2, 28, 23, 30, tzinfo=UTC), date(2028, 2, 29)),
        ],
    )
    def test_t4_the_business_day_turns_at_midnight_in_jakarta(
        self, instant: datetime, day: date
    ) -> None:
        assert business_day(instant) == day

    def test_the_last_second_of_a_day_is_in_it(self) -> None:
        assert business_day(end_of_day(date(2026, 2, 28))) == date(2026, 2, 28)

    def test_a_shifted_clock_moves_and_comes_back(self) -> None:
        then = datetime(2026, 6, 1, 9, 0, tzinfo=WIB)
        clock = ShiftedClock(then)
        shifted = clock.today()
        clock.reset()

        assert shifted == date(2026, 6, 1)
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)

    def test_a_frozen_clock_stands_still(self) -> None:
        clock = FrozenClock(datetime(2026, 11, 23, 9, 0, tzinfo=WIB))

        assert clock.now() == clock.now() == datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class TestCursors:
    def test_a_cursor_reads_back(self) -> None:
        assert paging.decode(paging.encode(["2026-11-23", 7]), 2) == ["2026-11-23", 7]

    def test_no_cursor_is_the_first_page(self) -> None:
        assert paging.decode(None, 2) is None

    @pytest.mark.parametrize("forged", ["x", "!!!", "e30", "WzFd", "W1sxXSwyXQ"])
    def test_a_forged_cursor_is_refused(self, forged: str) -> None:
        with pytest.raises(paging.CursorNotValid):
            paging.decode(forged, 2)
