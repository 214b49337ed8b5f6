"""Dates whose order nothing shows are asked about, never guessed."""

from __future__ import annotations

from datetime import date

import pytest

from reconciliation.domain.statement import Statement, StatementRefused
from reconciliation.parsers.bni_csv import Said
from reconciliation.parsers.dates import Order
from reconciliation.parsers.files import open_file, read


def table(*days: str, period: str = "") -> str:
    """Write a table with one line a day."""
    head = f"Period;{period}\n" if period else ""
    rows = [f"{day};SETORAN;1.000,00;{no}.000,00" for no, day in enumerate(days, start=1)]
    sums = ["Saldo Awal;0", f"Saldo Akhir;{len(days) * 1_000}"]
    return head + "\n".join([*sums, "Tanggal;Keterangan;Mutasi;Saldo", *rows])


def said(text: str, order: Order | None = None) -> Statement:
    return read(open_file(text.encode()), Said(account="8810001234", order=order))


def days(text: str, order: Order | None = None) -> list[str]:
    return [line.day.isoformat() for line in said(text, order).lines]


def refusal_of(text: str, order: Order | None = None) -> str:
    with pytest.raises(StatementRefused) as refusal:
        said(text, order)
    return str(refusal.value.faults[0])


APRIL = ["2026-04-03", "2026-04-05"]


class TestWhatShowsTheOrder:
    @pytest.mark.parametrize(
        ("written", "read"),
        [
            (["03/04/2026", "13/04/2026"], ["2026-04-03", "2026-04-13"]),
            (["04/03/2026", "04/13/2026"], ["2026-04-03", "2026-04-13"]),
            (["04/04/2026", "05/05/2026"], ["2026-04-04", "2026-05-05"]),
            (["2026-04-03", "2026-04-05"], APRIL),
        ],
        ids=["day first", "month first", "the same either way", "year first"],
    )
    def test_one_date_that_shows_it_decides_for_all(
        self, written: list[str], read: list[str]
    ) -> None:
        assert days(table(*written)) == read

    @pytest.mark.parametrize(
        "period",
        ["01/04/2026 - 30/04/2026", "2026-04-01 s.d. 2026-04-06", "03/04/2026 - 01/05/2026"],
        ids=["by its end", "by its form", "by what fits"],
    )
    def test_the_period_shows_it(self, period: str) -> None:
        assert days(table("03/04/2026", "05/04/2026", period=period)) == APRIL

    def test_the_period_shows_it_of_lines_that_do_not_follow_one_another(self) -> None:
        text = table("03/04/2026", "05/04/2026", "04/04/2026", period="2026-04-01 - 2026-04-06")

        assert days(text) == ["2026-04-03", "2026-04-05", "2026-04-04"]

    def test_the_period_shows_that_the_month_comes_first(self) -> None:
        text = table("04/03/2026", "04/05/2026", period="04/01/2026 - 04/30/2026")

        assert days(text) == APRIL

    def test_lines_that_follow_one_another_in_one_order_only_show_it(self) -> None:
        assert days(table("03/04/2026", "05/04/2026", "01/05/2026"))[2] == "2026-05-01"

    def test_what_does_not_fit_the_order_of_the_rest_is_named_by_its_line(self) -> None:
        assert refusal_of(table("13/04/2026", "04/14/2026")).startswith("Baris 5: tanggal")

    def test_a_period_of_days_that_are_not_there_is_refused_by_its_line(self) -> None:
        text = table("30/04/2026", period="30/04/2026 - 31/04/2026")

        assert refusal_of(text) == "Baris 1: periode tidak terbaca."


class TestWhereNothingShowsIt:
    @pytest.mark.parametrize("period", ["", "03/04/2026 - 05/04/2026"])
    def test_it_is_asked(self, period: str) -> None:
        said = refusal_of(table("03/04/2026", "05/04/2026", period=period))

        assert "“03/04/2026” dapat dibaca dua cara" in said
        assert "Pilih urutan tanggalnya" in said

    def test_what_a_person_says_decides(self) -> None:
        text = table("03/04/2026", "05/04/2026")

        assert days(text, Order.DAY_FIRST) == APRIL
        assert days(text, Order.MONTH_FIRST) == ["2026-03-04", "2026-05-04"]

    def test_what_the_file_shows_is_not_talked_over(self) -> None:
        assert days(table("13/04/2026"), Order.MONTH_FIRST) == ["2026-04-13"]

    def test_a_quiet_period_is_asked_about_too(self) -> None:
        text = table(period="03/04/2026 - 05/04/2026")

        assert "“03/04/2026 - 05/04/2026”" in refusal_of(text)
        assert said(text, Order.DAY_FIRST).closes_on == date(2026, 4, 5)
