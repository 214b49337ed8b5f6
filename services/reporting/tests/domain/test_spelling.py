"""How figures are written on Indonesian paper."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from reporting.domain import spelling
from reporting.domain.proof import proof_code


class TestSpelling:
    def test_money(self) -> None:
        assert spelling.money(1_250_000) == "Rp1.250.000"
        assert spelling.money(-500) == "−Rp500"
        assert (spelling.figure(0), spelling.figure(1_250_000)) == ("–", "1.250.000")

    def test_days_and_times_are_wib(self) -> None:
        late_evening_utc = datetime(2026, 12, 31, 17, 5, tzinfo=UTC)

        assert spelling.moment(late_evening_utc) == "1 Jan 2027 00.05 WIB"
        assert spelling.long_day(date(2026, 12, 10)) == "10 Desember 2026"

    @pytest.mark.parametrize(
        ("first", "last", "text"),
        [
            ((2026, 12, 1), (2026, 12, 31), "1–31 Desember 2026"),
            ((2026, 11, 20), (2026, 12, 3), "20 November–3 Desember 2026"),
            ((2026, 12, 20), (2027, 1, 3), "20 Desember 2026–3 Januari 2027"),
            ((2026, 12, 1), (2026, 12, 1), "1 Desember 2026"),
        ],
    )
    def test_ranges_name_month_and_year_once(self, first, last, text: str) -> None:
        assert spelling.day_range(date(*first), date(*last)) == text

    def test_phones_and_accounts(self) -> None:
        assert spelling.phone("+628561101133") == "0856-1101-133"
        assert spelling.grouped("9888031234567890") == "9888\u00a00312\u00a03456\u00a07890"
        assert spelling.masked("9888031234567890") == "9888 •••• •••• 7890"

    def test_file_names_are_ascii_and_short(self) -> None:
        name = spelling.file_name("Tagihan", "INV/2026/12/000123", "Bapak Mahmud Sulaimán")
        long_name = spelling.file_name("Tagihan", "INV/2026/12/000123", "R. " + "Ayu " * 40)

        assert name == "Tagihan_INV-2026-12-000123_Bapak-Mahmud-Sulaiman.pdf"
        assert len(long_name) <= 80
        assert long_name.endswith(".pdf")

    def test_a_name_cannot_break_out_of_the_header(self) -> None:
        assert '"' not in spelling.file_name("Tagihan", 'A"\r\nX: 1', "../../etc/passwd")


class TestProof:
    def test_one_changed_digit_changes_the_code(self) -> None:
        key, day = b"k" * 32, date(2026, 12, 10)
        code = proof_code(key, "INV/2026/12/000123", 1_250_000, day, 1)

        assert len(code) == 9
        assert code != proof_code(key, "INV/2026/12/000123", 1_250_001, day, 1)
        assert code != proof_code(key, "INV/2026/12/000124", 1_250_000, day, 1)
        assert code != proof_code(key, "INV/2026/12/000123", 1_250_000, day, 2)
        assert code != proof_code(b"x" * 32, "INV/2026/12/000123", 1_250_000, day, 1)
