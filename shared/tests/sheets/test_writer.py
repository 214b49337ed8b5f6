"""The one writer of spreadsheets: text stays text, numbers are numbers, days are days (B6)."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheets import Book, csv_lines

from shared.clock import WIB
from shared.sheets.cells import Column, Kind, guarded, guarded_for_csv
from shared.sheets.writer import WRITERS, Table

BAD = [
    "=1+1",
    "+62856110113",
    "-2+3",
    "@x",
    "\t=1+1",
    "\r=1",
    "\n=1",
    "\x00=1",
    "＝1+1",
    "＋62",
    "－1",
    "＠x",
    "  =1+1",
    "\u200b=1+1",
    "\ufeff@x",
    '=HYPERLINK("http://x";"y")',
    "=cmd|' /C calc'!A0",
]
GOOD = ["Mahmud", "Jl. A = B", "1-2", "a@b.example", "Rp1.000", "'kutip", "", "−5", "日本"]
COLUMNS = (
    Column("name", "Nama"),
    Column("amount_idr", "Jumlah", Kind.MONEY, summed=True),
    Column("count", "Banyak", Kind.COUNT),
    Column("day", "Hari", Kind.DAY),
    Column("at", "Saat", Kind.MOMENT),
    Column("percent", "Persen", Kind.TENTHS),
    Column("status", "Status", words={"paid": "Lunas"}),
)
ABOUT = [("Perusahaan", "PT Kavling"), ("Saringan", "pencarian: “=1+1”"), ("Catatan", "=1+1")]


def row(**more):
    usual = {
        "name": "Bapak Mahmud",
        "amount_idr": 1_250_000,
        "count": 3,
        "day": date(2026, 12, 10),
        "at": datetime(2026, 12, 9, 18, 5, 7, tzinfo=UTC),
        "percent": 138,
        "status": "paid",
    }
    return usual | more


def written(kind: str, rows, columns=COLUMNS) -> bytes:
    file = io.BytesIO()
    writer = WRITERS[kind](file, ABOUT)
    writer.begin(Table("Daftar", columns))
    writer.add(rows)
    writer.finish()
    return file.getvalue()


class TestGuard:
    @pytest.mark.parametrize("text", BAD)
    def test_b6_what_could_run_gets_an_apostrophe(self, text: str) -> None:
        assert guarded(text) == "'" + text

    @pytest.mark.parametrize("text", GOOD)
    def test_b6_what_cannot_is_left_alone(self, text: str) -> None:
        assert guarded(text) == text

    @given(st.text())
    def test_b6_nothing_guarded_begins_like_a_formula_and_nothing_is_lost(self, text: str) -> None:
        safe = guarded(text)

        assert safe[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "\x00"} or not safe
        assert safe in {text, "'" + text}

    @pytest.mark.parametrize("digits", ["9888031234567890", "0856110113"])
    def test_digits_that_a_spreadsheet_would_cut_short_stay_text(self, digits: str) -> None:
        assert guarded_for_csv(digits) == "'" + digits
        assert guarded_for_csv("123456789012345") == "123456789012345"


class TestXlsx:
    @pytest.mark.parametrize("text", BAD + GOOD)
    def test_b6_text_reads_back_as_the_same_text(self, text: str) -> None:
        [read, *_] = Book(written("xlsx", [row(name=text)])).table()

        # a control sign that XML cannot hold is spelled; nothing else changes
        spelled = text.replace("\x00", "_x0000_").replace("\r", "_x000D_")
        assert read.get("Nama", "") in {guarded(spelled), "'" + spelled}

    def test_b6_there_is_no_formula_and_no_link_anywhere(self) -> None:
        book = Book(written("xlsx", [row(name=text) for text in [*BAD, "http://x.example"]]))

        assert all("<f>" not in book.xml(no) for no in (1, 2))
        assert "hyperlink" not in book.xml()

    def test_amounts_are_numbers_and_days_are_days(self) -> None:
        [read, *_] = Book(written("xlsx", [row()])).table()

        assert read["Jumlah"] == 1_250_000
        assert read["Banyak"] == 3
        assert read["Hari"] == datetime(2026, 12, 10, tzinfo=WIB)
        assert read["Persen"] == 13.8
        assert read["Status"] == "Lunas"

    def test_t2_a_moment_is_written_in_wib(self) -> None:
        [read, *_] = Book(written("xlsx", [row()])).table()

        assert abs((read["Saat"] - datetime(2026, 12, 10, 1, 5, 7, tzinfo=WIB)).total_seconds()) < 1

    def test_the_totals_stand_below_an_empty_row_and_equal_the_rows(self) -> None:
        book = Book(written("xlsx", [row(amount_idr=n) for n in (1, 20, 300)]))

        assert [r.get("Jumlah") for r in book.table()] == [1, 20, 300, 321]
        assert book.table()[-1]["Nama"] == "Jumlah"
        assert '<autoFilter ref="A1:G4"' in book.xml()
        assert 'state="frozen"' in book.xml()

    def test_what_the_file_is_stands_on_a_sheet_of_its_own(self) -> None:
        book = Book(written("xlsx", [row()]))

        assert book.sheets == ["Daftar", "Keterangan"]
        assert book.rows(2)[0] == {"A": "Perusahaan", "B": "PT Kavling"}
        assert book.rows(2)[2]["B"] == "'=1+1"

    def test_an_unknown_state_is_never_shown_raw(self) -> None:
        [read, *_] = Book(written("xlsx", [row(status="brand_new")])).table()

        assert read["Status"] == "Lainnya"


class TestCsv:
    @pytest.mark.parametrize("text", [t for t in BAD + GOOD if "\x00" not in t])
    def test_b6_text_reads_back_as_the_same_text(self, text: str) -> None:
        lines = csv_lines(written("csv", [row(name=text)]))

        assert lines[len(ABOUT) + 2][0] == guarded(text)

    def test_it_opens_right_by_a_double_click_in_indonesia(self) -> None:
        """Mark of UTF-8, semicolons, CRLF; amounts plain, days unmistakable, the comma decimal."""
        body = written("csv", [row(name="Ibu Siti; “Aminah”")])
        lines = csv_lines(body)

        assert lines[: len(ABOUT)][0] == ["Perusahaan", "PT Kavling"]
        assert lines[len(ABOUT)] == []
        assert lines[len(ABOUT) + 1] == [c.title for c in COLUMNS]
        values = "1250000;3;2026-12-10;2026-12-10 01:05:07;13,8;Lunas"
        assert lines[len(ABOUT) + 2] == ["Ibu Siti; “Aminah”", *values.split(";")]
        assert body.count(b"\r\n") == body.count(b"\n")

    def test_the_totals_come_last(self) -> None:
        lines = csv_lines(written("csv", [row(amount_idr=n) for n in (1, 20, 300)]))

        assert lines[-2:] == [[], ["Jumlah", "321", "", "", "", "", ""]]

    def test_without_summed_columns_there_are_no_totals(self) -> None:
        lines = csv_lines(written("csv", [row()], COLUMNS[:1]))

        assert lines[-1] == ["Bapak Mahmud"]
