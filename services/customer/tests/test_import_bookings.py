"""A44: bookings with their plans are taken over; invoicing hears of the confirmed ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from customer.domain.imports.days import DayUnclear, read_day, shows_month_first
from shared.testing import ADMIN, WAWAN
from shared.testing.plugin import CallAs

HEAD = "No. HP;Kode produk;Harga sepakat;Skema bayar;DP;Tenor;Jatuh tempo pertama;Dikonfirmasi\r\n"
CASH = "8561101133;KAV-36;30.000.000;tunai;;;10/12/2026;\r\n"
PARTS = "8561101133;KAV-36;30.000.000,00;cicilan;5.000.000;20;10/01/2027;ya\r\n"
MONTHLY = "8561101133;NET-20;350.000;bulanan;;;05/12/2026;tidak\r\n"

Made = dict[str, Any]
Make = Callable[..., Awaitable[Made]]
Work = Callable[[], Awaitable[int]]
Published = Callable[[], Awaitable[list[Made]]]


@pytest.fixture
async def known(register: Make, offer: Make) -> None:
    await register(WAWAN)
    await offer()
    await offer("NET-20", name="20 Mbps", price_idr=350_000, kind="subscription")


@pytest.mark.usefixtures("known")
class TestBookings:
    async def test_a44_every_scheme_becomes_a_booking_as_if_made_by_hand(
        self, upload: Make, act: Any, work: Work, call_as: CallAs, published: Published
    ) -> None:
        made = await upload((HEAD + CASH + PARTS + MONTHLY).encode(), "bookings")
        await act(made, "run", whole=True)
        await work()

        found = (await call_as(ADMIN).get("/api/v1/bookings")).json()["items"]
        by_kind = {each["plan"]["kind"]: each for each in found}
        assert by_kind["cash"]["plan"]["due_on"] == "2026-12-10"
        assert (by_kind["cash"]["status"], by_kind["cash"]["total_idr"]) == ("draft", 30_000_000)
        parts = by_kind["installment"]
        terms = ("down_payment_idr", "installments", "first_due_on")
        assert [parts["plan"][key] for key in terms] == [5_000_000, 20, "2027-01-10"]
        assert parts["status"] == "confirmed"
        assert by_kind["monthly"]["plan"]["due_day"] == 5
        told = [event["type"] for event in await published()]
        assert told.count("booking.confirmed.v1") == 1

    async def test_a44_the_same_file_twice_changes_nothing(
        self, upload: Make, act: Any, work: Work
    ) -> None:
        content = (HEAD + CASH + PARTS + MONTHLY).encode()
        await act(await upload(content, "bookings"), "run", whole=True)
        await work()

        again = await upload(content, "bookings")

        assert again["rows"] == {"new": 0, "changed": 0, "same": 3, "rejected": 0}

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            ("0812 9999 8888;KAV-36;1.000.000,00;tunai;;;10/12/2026;", "phone"),
            (";KAV-36;1.000.000,00;tunai;;;10/12/2026;", "number"),
            ("8561101133;TIDAK-ADA;1.000.000,00;tunai;;;10/12/2026;", "code"),
            ("8561101133;KAV-36;1.000.000,00;barter;;;10/12/2026;", "plan_kind"),
            ("8561101133;KAV-36;1.000.000,00;cicilan;1.000.000;2;10/12/2026;", "down_payment_idr"),
            ("8561101133;KAV-36;1.000.000,00;cicilan;;;10/12/2026;", "installments"),
            ("8561101133;KAV-36;1.000.000,00;tunai;;;10/12/2020;", "first_due_on"),
            ("8561101133;KAV-36;1.000.000,00;tunai;;;31/02/2027;", "first_due_on"),
            ("8561101133;KAV-36;;tunai;;;10/12/2026;", "price_idr"),
        ],
    )
    async def test_a_row_that_cannot_be_carried_out_names_its_field(
        self, upload: Make, rows_of: Any, row: str, field: str
    ) -> None:
        made = await upload((HEAD + row + "\r\n").encode(), "bookings")

        [judged] = await rows_of(made)
        assert judged["verdict"] == "rejected"
        assert [fault["field"] for fault in judged["faults"]] == [field]

    async def test_the_same_booking_twice_in_a_file_is_asked_about(self, upload: Make) -> None:
        made = await upload((HEAD + CASH + CASH).encode(), "bookings")

        assert made["rows"] == {"new": 1, "changed": 0, "same": 0, "rejected": 1}

    async def test_two_bookings_of_one_product_are_two_also_while_one_is_unclear(
        self, upload: Make, rows_of: Any
    ) -> None:
        other = CASH.replace("30.000.000", "28.500.000").replace("tunai", "barter")
        made = await upload((HEAD + CASH + other).encode(), "bookings")

        [row] = await rows_of(made, verdict="rejected")
        assert [fault["field"] for fault in row["faults"]] == ["plan_kind"]

    async def test_drafts_are_called_off_again(
        self, upload: Make, act: Any, work: Work, call_as: CallAs
    ) -> None:
        made = await upload((HEAD + CASH).encode(), "bookings")
        await act(made, "run", whole=True)
        await work()

        await act(made, "undo")
        await work()

        [booking] = (await call_as(ADMIN).get("/api/v1/bookings")).json()["items"]
        assert booking["status"] == "cancelled"
        assert (await upload((HEAD + CASH).encode(), "bookings"))["rows"]["new"] == 1

    async def test_what_was_confirmed_is_not_called_off_by_the_dozen(
        self, upload: Make, act: Any, work: Work
    ) -> None:
        made = await upload((HEAD + PARTS).encode(), "bookings")
        await act(made, "run", whole=True)
        await work()

        refused = await act(made, "undo")

        assert (refused["code"], "BKG-000001" in refused["detail"]) == (409, True)

    async def test_dates_of_a_file_that_writes_months_first_are_not_guessed(
        self, upload: Make, rows_of: Any
    ) -> None:
        american = CASH.replace("10/12/2026", "12/31/2026")
        open_date = MONTHLY.replace("05/12/2026", "01/02/2027")

        made = await upload((HEAD + american + open_date).encode(), "bookings")

        faults = [row["faults"][0]["proposal"] for row in await rows_of(made)]
        assert faults == ["31/12/2026", "2027-01-02"]


class TestDays:
    @pytest.mark.parametrize(
        "text",
        ["10/12/2026", "10-12-2026", "10.12.2026", "2026-12-10", "10 Des 2026", "10 Desember 2026"],
    )
    def test_the_day_comes_first(self, text: str) -> None:
        assert read_day(text, month_first=False) == date(2026, 12, 10)

    @pytest.mark.parametrize(
        ("text", "proposal"),
        [("12/31/2026", "31/12/2026"), ("10/12/26", "10/12/2026"), ("besok", ""), ("46366", "")],
    )
    def test_what_is_unclear_is_refused_with_a_repair(self, text: str, proposal: str) -> None:
        with pytest.raises(DayUnclear) as caught:
            read_day(text, month_first=False)
        assert caught.value.proposal == proposal

    def test_only_a_date_that_can_be_nothing_else_shows_months_first(self) -> None:
        assert not shows_month_first(["01/02/2027", "31/12/2026", "x"])
        assert shows_month_first(["01/02/2027", "12/31/2026"])
