"""How pages are put together from what services answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from dashboard.domain import bills, customer_page, feed, home, recap_choice, status
from dashboard.domain.answers.base import Named
from dashboard.domain.answers.closes import Figure
from dashboard.domain.answers.home import Home, Overdue
from dashboard.domain.answers.invoices import PlanLine
from dashboard.domain.answers.payments import Payment
from dashboard.domain.answers.recaps import Bill, CustomerRecap, MarketingRow
from dashboard.domain.forms import number, rupiah
from dashboard.domain.schedule import schedule_of

TODAY = date(2026, 12, 9)


def bill(due_on: date, state: str = "issued", paid: int = 0, total: int = 1_250_000) -> Bill:
    return Bill(
        id=None if state == "scheduled" else uuid4(),
        title="Angsuran",
        due_on=due_on,
        total_idr=total,
        paid_idr=paid,
        outstanding_idr=total - paid,
        status=state,
        plan_id=UUID(int=5),
        plan_line_no=1,
        booking_id=UUID(int=7),
    )


class TestTheAnswerOnACustomersPage:
    def test_names_what_is_next_when_nothing_is_late(self) -> None:
        recap = CustomerRecap()

        answer = customer_page.answer_of([bill(date(2026, 12, 10))], recap, TODAY)

        assert answer.title == "Berikutnya Rp1.250.000, jatuh tempo besok, 10 Des 2026"
        assert answer.tone == "warning"

    def test_names_the_arrears_first(self) -> None:
        recap = CustomerRecap(overdue_idr=1_250_000)

        answer = customer_page.answer_of([bill(date(2026, 11, 27))], recap, TODAY)

        assert answer.title == "Menunggak Rp1.250.000, lewat 12 hari"
        assert answer.tone == "error"

    def test_says_that_all_is_paid(self) -> None:
        paid = [bill(date(2026, 11, 27), "paid", 1_250_000)]

        assert customer_page.answer_of(paid, CustomerRecap(), TODAY).tone == "success"

    def test_says_that_there_is_nothing_yet(self) -> None:
        answer = customer_page.answer_of([], CustomerRecap(), TODAY)

        assert answer.title == "Belum ada tagihan"


class TestBillsOfAContract:
    def test_open_bills_come_first_then_the_next_line_then_what_is_done(self) -> None:
        given = [
            bill(date(2026, 10, 10), "paid", 1_250_000),
            bill(date(2026, 12, 10)),
            bill(date(2027, 1, 10), "scheduled"),
            bill(date(2027, 2, 10), "scheduled"),
        ]

        [contract] = bills.contracts(given, [], TODAY, "", "key")

        assert [row.bill.status for row in contract.rows] == ["issued", "scheduled", "paid"]
        assert len(contract.later) == 1
        assert contract.total_idr == 5_000_000

    def test_only_the_next_line_can_be_issued(self) -> None:
        given = [bill(date(2027, 1, 10), "scheduled"), bill(date(2027, 2, 10), "scheduled")]

        [contract] = bills.contracts(given, [], TODAY, "", "key")

        assert contract.rows[0].issue_key == "key-1"
        assert contract.later[0].issue_key is None

    def test_m6_a_cancelled_bill_is_shown_but_counts_for_nothing(self) -> None:
        [contract] = bills.contracts([bill(TODAY, "cancelled")], [], TODAY, "", "key")

        assert len(contract.rows) == 1
        assert (contract.count, contract.total_idr) == (0, 0)


class TestStatus:
    @pytest.mark.parametrize(
        ("days", "word"),
        [(-21, "Menunggak 21 hari"), (1, "Jatuh tempo besok"), (3, "Jatuh tempo 3 hari")],
    )
    def test_lateness_is_computed_from_the_due_day(self, days: int, word: str) -> None:
        mark = status.invoice("issued", TODAY + timedelta(days), 1, TODAY)

        assert mark.word == word

    def test_a_paid_bill_is_never_late(self) -> None:
        assert status.invoice("paid", date(2020, 1, 1), 0, TODAY).word == "Lunas"

    def test_no_state_is_ever_shown_raw(self) -> None:
        assert status.invoice("something_new", TODAY, 0, TODAY) is status.UNKNOWN

    def test_c11_an_unconfirmed_payment_says_that_the_bank_is_asked(self) -> None:
        assert status.payment("allocated", "unverified").word == "Menunggu konfirmasi bank"


class TestSchedule:
    def lines(self) -> list[PlanLine]:
        parts = [PlanLine(no=1, kind="down_payment", due_on=TODAY, amount_idr=10)]
        return parts + [
            PlanLine(no=no, kind="installment", due_on=date(2027, no, 10), amount_idr=amount)
            for no, amount in ((2, 30), (3, 30), (4, 32))
        ]

    def test_m7_what_is_left_ends_at_zero_and_the_remainder_is_named(self) -> None:
        schedule = schedule_of(self.lines(), 102, "installment")

        assert schedule is not None
        assert [row.label for row in schedule.rows] == ["DP", "1", "2", "3"]
        assert schedule.rows[-1].left_idr == 0
        assert schedule.rows[-1].rounding == "sisa pembagian Rp2"
        assert schedule.exact

    def test_m7_a_sum_that_differs_is_not_called_exact(self) -> None:
        schedule = schedule_of(self.lines(), 103, "installment")

        assert schedule is not None
        assert not schedule.exact


class TestFeed:
    def payment(self, **changed: object) -> Payment:
        at = datetime(2026, 12, 9, 7, 5, 12, tzinfo=UTC)
        return Payment.model_validate({"id": uuid4(), "amount_idr": 5, "paid_at": at, **changed})

    def test_m9_money_without_an_owner_is_shown_and_named_so(self) -> None:
        row = feed.row_of(self.payment(unallocated_idr=5), TODAY)

        assert row.name == feed.UNKNOWN_PAYER
        assert not row.paper

    def test_c11_a_receipt_exists_only_after_the_bank_confirmed(self) -> None:
        someone = {"id": uuid4(), "name": "Ibu Siti"}

        before = feed.row_of(self.payment(customer=someone), TODAY)
        after = feed.row_of(self.payment(customer=someone, verification="verified"), TODAY)

        assert (before.receipt, before.paper) == (False, True)
        assert after.receipt

    def test_a_row_of_another_day_names_the_day(self) -> None:
        assert feed.row_of(self.payment(), TODAY).when == "14.05.12"
        assert feed.row_of(self.payment(), date(2026, 12, 10)).when == "9 Des 14.05"

    def test_the_first_page_says_only_the_minute_or_the_day(self) -> None:
        assert feed.row_of(self.payment(), TODAY).brief == "14.05"
        assert feed.row_of(self.payment(), date(2026, 12, 10)).brief == "9 Des"


class TestHome:
    def test_what_is_zero_is_left_out(self) -> None:
        figures = Home(
            as_of=datetime(2026, 12, 9, tzinfo=UTC), overdue=Overdue(customers=2, amount_idr=10)
        )

        items = home.todo(figures, TODAY, Figure())

        assert [item.title for item in items] == ["2 pelanggan menunggak"]

    def test_what_waits_in_the_inbox_is_a_line_that_opens_it(self) -> None:
        figures = Home(as_of=datetime(2026, 12, 9, tzinfo=UTC))

        [item] = home.todo(figures, TODAY, Figure(count=1_250, amount_idr=70_000))

        assert (item.title, item.amount_idr) == ("1.250 pengecualian menunggu", 70_000)
        assert item.address == "/exceptions"

    def test_months_without_money_draw_no_chart(self) -> None:
        assert home.chart(()) is None


class TestRecap:
    def test_m10_the_figures_above_are_the_sum_of_the_rows(self) -> None:
        rows = tuple(
            MarketingRow(
                marketing=Named(id=uuid4(), name=name),
                customers=2,
                billed_idr=billed,
                paid_idr=paid,
                outstanding_idr=billed - paid,
            )
            for name, billed, paid in (("Wawan", 100, 60), ("Sari", 50, 50))
        )

        total = recap_choice.sums(rows, None)

        assert (total.billed_idr, total.paid_idr, total.outstanding_idr) == (150, 110, 40)

    @pytest.mark.parametrize(
        ("period", "days"),
        [
            ("this", (date(2026, 12, 1), TODAY)),
            ("last", (date(2026, 11, 1), date(2026, 11, 30))),
            ("quarter", (date(2026, 10, 1), TODAY)),
        ],
    )
    def test_the_usual_periods(self, period: str, days: tuple[date, date]) -> None:
        assert recap_choice.span(period, TODAY) == days

    def test_days_the_wrong_way_round_become_this_month(self) -> None:
        choice = recap_choice.choose({"from": "2026-12-09", "to": "2026-12-01"}, TODAY)

        assert choice.start == date(2026, 12, 1)

    @pytest.mark.parametrize(
        ("period", "word"),
        [
            ("2026-12-09", "9 Des 2026"),
            ("2026-W50", "7 Des s.d. 13 Des 2026"),
            ("2026-12", "Desember 2026"),
        ],
    )
    def test_periods_are_spelled_for_people(self, period: str, word: str) -> None:
        assert recap_choice.period_word(period) == word


class TestTyping:
    @pytest.mark.parametrize("text", ["1250000", "1.250.000", "Rp 1.250.000", "Rp1.250.000"])
    def test_m1_an_amount_may_be_spelled_as_people_do(self, text: str) -> None:
        assert rupiah(text) == 1_250_000

    @pytest.mark.parametrize("text", ["1.250.000,50", "12.50", "-5", "", "1,5jt"])
    def test_m1_what_is_not_whole_rupiah_is_refused_not_rounded(self, text: str) -> None:
        assert rupiah(text) is None

    def test_a_count_is_a_plain_number(self) -> None:
        assert (number("12"), number("12a")) == (12, None)
