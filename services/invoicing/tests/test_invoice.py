"""S, M6: what an invoice may become."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from invoicing.domain.invoice import (
    TRANSITIONS,
    Charge,
    InvoiceStatus,
    MoneyReceived,
    PaidAboveTotal,
    TotalTooLarge,
    cancel,
    charges_of,
    is_overdue,
    move,
    number_of,
    settle,
    total_of,
)
from invoicing.domain.plan import Line
from shared.contracts.customer import BookingItem
from shared.errors import InvalidTransition
from shared.ids import new_id
from shared.money import Rupiah

S = InvoiceStatus


class TestTheStateMachine:
    @pytest.mark.parametrize(("current", "target"), list(product(S, S)))
    def test_s_every_pair_is_allowed_or_refused(
        self, current: InvoiceStatus, target: InvoiceStatus
    ) -> None:
        if target in TRANSITIONS[current]:
            assert move(current, target) is target
        else:
            with pytest.raises(InvalidTransition):
                move(current, target)


class TestSettling:
    @pytest.mark.parametrize(
        ("current", "paid", "target"),
        [
            (S.ISSUED, 0, S.ISSUED),
            (S.ISSUED, 1, S.PARTIALLY_PAID),
            (S.ISSUED, 100, S.PAID),
            (S.PARTIALLY_PAID, 99, S.PARTIALLY_PAID),
            (S.PARTIALLY_PAID, 100, S.PAID),
            (S.PARTIALLY_PAID, 0, S.ISSUED),
            (S.PAID, 40, S.PARTIALLY_PAID),
            (S.PAID, 0, S.ISSUED),
        ],
    )
    def test_s_paid_is_reached_exactly_when_paid_is_the_total(
        self, current: InvoiceStatus, paid: int, target: InvoiceStatus
    ) -> None:
        assert settle(current, Rupiah(100), Rupiah(paid)) is target

    def test_m6_never_above_the_total(self) -> None:
        with pytest.raises(PaidAboveTotal):
            settle(S.ISSUED, Rupiah(100), Rupiah(101))

    @pytest.mark.parametrize("status", [S.DRAFT, S.CANCELLED])
    def test_a_draft_or_cancelled_invoice_takes_no_money(self, status: InvoiceStatus) -> None:
        with pytest.raises(InvalidTransition):
            settle(status, Rupiah(100), Rupiah(1))


class TestCancelling:
    def test_m6_is_refused_once_money_came_and_says_the_way_out(self) -> None:
        with pytest.raises(MoneyReceived, match="Balik dahulu alokasi"):
            cancel(S.PARTIALLY_PAID, "INV/2026/11/000001", Rupiah(1))

    def test_s_a_void_bill_stays_void(self) -> None:
        with pytest.raises(InvalidTransition):
            cancel(S.CANCELLED, "INV/2026/11/000001", Rupiah(0))


class TestBeingLate:
    @pytest.mark.parametrize(
        ("status", "due_on", "late"),
        [
            ("issued", date(2026, 11, 22), True),
            ("partially_paid", date(2026, 11, 22), True),
            ("issued", date(2026, 11, 23), False),
            ("paid", date(2026, 11, 22), False),
            ("cancelled", date(2026, 11, 22), False),
        ],
    )
    def test_overdue_is_computed(self, status: str, due_on: date, late: bool) -> None:
        assert is_overdue(status, due_on, date(2026, 11, 23)) is late


class TestTheLinesOfABill:
    ITEMS = (
        BookingItem(product_id=new_id(), product_name="Router", quantity=2, unit_price_idr=400),
        BookingItem(product_id=new_id(), product_name="Kabel", quantity=1, unit_price_idr=200),
    )

    def line(self, kind: str, label: str, amount: int) -> Line:
        return Line(1, kind, label, date(2026, 12, 1), Rupiah(amount))  # type: ignore[arg-type]

    def test_cash_lists_what_was_booked(self) -> None:
        charges = charges_of(self.line("cash", "Pelunasan", 1_000), "Router", self.ITEMS)

        assert charges == [Charge("Router", 2, Rupiah(400)), Charge("Kabel", 1, Rupiah(200))]

    def test_a_monthly_bill_names_its_month(self) -> None:
        line = self.line("monthly", "Bulanan Des 2026", 1_000)

        assert charges_of(line, "Router", self.ITEMS)[0].description == "Bulanan Des 2026: Router"

    def test_an_installment_is_one_line_of_its_contract(self) -> None:
        line = self.line("installment", "Angsuran 3 dari 20", 50)

        assert charges_of(line, "Kavling B-12", self.ITEMS) == [
            Charge("Angsuran 3 dari 20: Kavling B-12", 1, Rupiah(50))
        ]

    def test_items_that_do_not_add_up_to_the_price_are_not_listed(self) -> None:
        charges = charges_of(self.line("cash", "Pelunasan", 900), "Paket", self.ITEMS)

        assert charges == [Charge("Pelunasan: Paket", 1, Rupiah(900))]

    def test_b4_a_total_beyond_what_the_bank_carries_is_refused(self) -> None:
        with pytest.raises(TotalTooLarge):
            total_of([Charge("x", 1_000_000, Rupiah(10**14 - 1))])

    def test_numbers_sort_within_their_month(self) -> None:
        assert number_of(2026, 11, 1) == "INV/2026/11/000001"
