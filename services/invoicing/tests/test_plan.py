"""M7: schedules sum exactly to the agreed price, and fall on the right days."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.domain.calendar import (
    PeriodNotValid,
    first_due_day,
    month_label,
    months_after,
    period_from_text,
)
from invoicing.domain.plan import (
    DateOutOfRange,
    DownPaymentTooLarge,
    DownPaymentTooLate,
    DueInThePast,
    TooManyInstallments,
    make_lines,
    monthly_lines,
    refuse_past,
    title_of,
)
from shared.contracts.customer import BookingItem, CashPlan, InstallmentPlan, MonthlyPlan
from shared.ids import new_id
from shared.money import Rupiah

TODAY = date(2026, 11, 23)


def installment(**terms: object) -> InstallmentPlan:
    given_terms: dict[str, object] = {
        "kind": "installment",
        "installments": 3,
        "first_due_on": date(2026, 12, 10),
    }
    return InstallmentPlan.model_validate(given_terms | terms)


def monthly(starts_on: date, due_day: int) -> MonthlyPlan:
    return MonthlyPlan(kind="monthly", starts_on=starts_on, due_day=due_day)


class TestACashPlan:
    def test_is_one_line_on_its_day(self) -> None:
        terms = CashPlan(kind="cash", due_on=date(2026, 12, 1))

        (line,) = make_lines(terms, Rupiah(30_000_000), TODAY)

        assert (line.no, line.kind, line.label) == (1, "cash", "Pelunasan")
        assert (line.due_on, line.amount) == (date(2026, 12, 1), Rupiah(30_000_000))


class TestAnInstallmentPlan:
    def test_m7_the_remainder_falls_on_the_last(self) -> None:
        lines = make_lines(installment(down_payment_idr=1_000), Rupiah(11_000), TODAY)

        assert [line.amount.amount for line in lines] == [1_000, 3_333, 3_333, 3_334]

    def test_is_labelled_as_people_say_it(self) -> None:
        lines = make_lines(installment(down_payment_idr=1_000), Rupiah(11_000), TODAY)

        assert [line.label for line in lines] == [
            "Uang muka",
            "Angsuran 1 dari 3",
            "Angsuran 2 dari 3",
            "Angsuran 3 dari 3",
        ]
        assert [line.no for line in lines] == [1, 2, 3, 4]

    def test_without_a_down_payment_has_no_line_for_it(self) -> None:
        lines = make_lines(installment(), Rupiah(11_000), TODAY)

        assert [line.kind for line in lines] == ["installment"] * 3

    @pytest.mark.parametrize(
        ("first", "days"),
        [
            (date(2027, 1, 31), ["2027-01-31", "2027-02-28", "2027-03-31"]),
            (date(2028, 1, 30), ["2028-01-30", "2028-02-29", "2028-03-30"]),
            (date(2026, 12, 29), ["2026-12-29", "2027-01-29", "2027-02-28"]),
            (date(2027, 2, 28), ["2027-02-28", "2027-03-28", "2027-04-28"]),
        ],
    )
    def test_t4_keeps_its_day_and_is_clamped_only_where_a_month_is_short(
        self, first: date, days: list[str]
    ) -> None:
        lines = make_lines(installment(first_due_on=first), Rupiah(9), TODAY)

        assert [line.due_on.isoformat() for line in lines] == days

    def test_the_down_payment_is_due_on_its_own_day(self) -> None:
        terms = installment(down_payment_idr=5, down_payment_due_on=date(2026, 12, 1))

        assert make_lines(terms, Rupiah(50), TODAY)[0].due_on == date(2026, 12, 1)

    def test_the_down_payment_is_else_due_when_the_plan_is_made(self) -> None:
        assert make_lines(installment(down_payment_idr=5), Rupiah(50), TODAY)[0].due_on == TODAY

    def test_the_down_payment_never_comes_after_the_first_installment(self) -> None:
        late = date(2027, 3, 1)

        lines = make_lines(installment(down_payment_idr=5), Rupiah(50), late)

        assert lines[0].due_on == lines[1].due_on == date(2026, 12, 10)

    @given(
        total=st.integers(1, 10**14 - 1),
        installments=st.integers(1, 120),
        share=st.floats(0, 0.99),
    )
    def test_m7_any_plan_that_adds_up_sums_exactly(
        self, total: int, installments: int, share: float
    ) -> None:
        down_payment = min(int(total * share), total - 1)
        installments = min(installments, total - down_payment)
        terms = installment(down_payment_idr=down_payment, installments=installments)

        lines = make_lines(terms, Rupiah(total), TODAY)

        assert sum(line.amount.amount for line in lines) == total
        assert all(line.amount.amount > 0 for line in lines)
        assert [line.due_on for line in lines] == sorted(line.due_on for line in lines)
        assert [line.no for line in lines] == list(range(1, len(lines) + 1))


class TestAPlanThatDoesNotAddUp:
    @pytest.mark.parametrize("down_payment", [50, 51])
    def test_the_down_payment_is_all_or_more(self, down_payment: int) -> None:
        with pytest.raises(DownPaymentTooLarge) as refusal:
            make_lines(installment(down_payment_idr=down_payment), Rupiah(50), TODAY)

        assert refusal.value.fields["field"] == "plan.down_payment_idr"

    def test_more_installments_than_rupiah(self) -> None:
        with pytest.raises(TooManyInstallments) as refusal:
            make_lines(installment(installments=3), Rupiah(2), TODAY)

        assert refusal.value.fields["field"] == "plan.installments"

    def test_a_down_payment_after_the_first_installment(self) -> None:
        terms = installment(down_payment_idr=5, down_payment_due_on=date(2026, 12, 11))

        with pytest.raises(DownPaymentTooLate):
            make_lines(terms, Rupiah(50), TODAY)

    @pytest.mark.parametrize("day", [date(9999, 12, 31), date(1999, 12, 31)])
    def test_a_day_that_cannot_be_meant(self, day: date) -> None:
        for terms in (
            CashPlan(kind="cash", due_on=day),
            installment(first_due_on=day),
            monthly(day, 31),
        ):
            with pytest.raises(DateOutOfRange):
                make_lines(terms, Rupiah(50), TODAY)

    def test_a_first_day_that_has_passed_while_it_can_still_be_corrected(self) -> None:
        with pytest.raises(DueInThePast) as refusal:
            refuse_past(installment(first_due_on=date(2026, 11, 22)), TODAY)

        assert refusal.value.fields["field"] == "plan.first_due_on"


class TestAMonthlyPlan:
    def test_is_twelve_months_ahead_at_the_same_price(self) -> None:
        lines = make_lines(monthly(date(2026, 12, 1), 10), Rupiah(350_000), TODAY)

        assert len(lines) == 12
        assert {line.amount for line in lines} == {Rupiah(350_000)}
        assert (lines[0].label, lines[-1].label) == ("Bulanan Des 2026", "Bulanan Nov 2027")

    def test_t4_a_day_that_a_month_lacks_is_its_last(self) -> None:
        lines = make_lines(monthly(date(2027, 1, 5), 31), Rupiah(1), TODAY)

        assert [line.due_on.day for line in lines[:4]] == [31, 28, 31, 30]

    def test_starts_in_the_next_month_when_the_day_has_passed(self) -> None:
        assert first_due_day(date(2026, 12, 11), 10) == date(2027, 1, 10)
        assert first_due_day(date(2026, 12, 10), 10) == date(2026, 12, 10)

    def test_is_continued_where_it_ended(self) -> None:
        terms = monthly(date(2026, 12, 1), 31)

        first = monthly_lines(terms, Rupiah(1), after_no=0, count=24)

        assert monthly_lines(terms, Rupiah(1), after_no=12, count=12) == first[12:]


class TestTheWordsOfAPlan:
    def test_a_contract_is_named_after_what_was_booked(self) -> None:
        items = [
            BookingItem(product_id=new_id(), product_name=name, quantity=n, unit_price_idr=1)
            for name, n in (("Paket 20 Mbps", 2), ("Router", 1))
        ]

        assert title_of(items[1:]) == "Router"
        assert title_of(items) == "2 x Paket 20 Mbps + 1 lainnya"

    def test_months_are_indonesian(self) -> None:
        assert month_label(date(2027, 8, 31)) == "Agu 2027"

    def test_a_period_is_a_month(self) -> None:
        period = period_from_text("2026-12")

        assert (period.first_day, period.end) == (date(2026, 12, 1), date(2027, 1, 1))

    @pytest.mark.parametrize("text", ["2026-13", "2026-1", "12-2026", "2026-12\n", "", "x"])
    def test_anything_else_is_refused(self, text: str) -> None:
        with pytest.raises(PeriodNotValid):
            period_from_text(text)

    def test_months_after_crosses_years(self) -> None:
        assert months_after(date(2026, 10, 31), 28) == date(2029, 2, 28)
