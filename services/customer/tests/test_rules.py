"""The rules on their own: no database, no clock."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest

from customer.domain import booking, change_request
from customer.domain.booking import BookingStatus, Wanted, check_plan, total_of
from customer.domain.change_request import RequestDecided, RequestStatus
from customer.domain.customer import (
    FieldReserved,
    MarketingMissing,
    MarketingReserved,
    check_fields,
    choose_owner,
    customer_number,
)
from shared.contracts.customer import CashPlan, InstallmentPlan, MonthlyPlan
from shared.errors import Invalid, InvalidTransition
from shared.money import LARGEST_IDR, Rupiah

TODAY = date(2026, 11, 23)
WAWAN, SARI = uuid4(), uuid4()


def wanted(quantity: int, price: int) -> Wanted:
    return Wanted(uuid4(), quantity, price)


def installments(count: int, down_payment: int = 0) -> InstallmentPlan:
    return InstallmentPlan(
        kind="installment",
        down_payment_idr=down_payment,
        installments=count,
        first_due_on=TODAY,
    )


STEPS = {
    ("draft", "confirmed"),
    ("draft", "cancelled"),
    ("confirmed", "completed"),
    ("confirmed", "cancelled"),
}


class TestTheLifeOfABooking:
    @pytest.mark.parametrize(("current", "target"), list(product(BookingStatus, BookingStatus)))
    def test_s_only_these_steps_exist(self, current: BookingStatus, target: BookingStatus) -> None:
        if (current, target) in STEPS:
            assert booking.move(current, target) is target
        else:
            with pytest.raises(InvalidTransition):
                booking.move(current, target)


class TestTheLifeOfAChangeRequest:
    @pytest.mark.parametrize(("current", "target"), list(product(RequestStatus, RequestStatus)))
    def test_s_it_is_decided_once(self, current: RequestStatus, target: RequestStatus) -> None:
        if current is RequestStatus.OPEN and target is not RequestStatus.OPEN:
            assert change_request.decide(current, target, "Ibu Ratna") is target
        else:
            with pytest.raises(RequestDecided):
                change_request.decide(current, target, "Ibu Ratna")


class TestTheTotal:
    def test_it_is_quantity_times_price_over_all_items(self) -> None:
        assert total_of([wanted(2, 15_000_000), wanted(3, 500)]) == Rupiah(30_001_500)

    def test_m1_the_largest_amount_fits_and_one_more_does_not(self) -> None:
        assert total_of([wanted(1, LARGEST_IDR)]) == Rupiah(LARGEST_IDR)
        with pytest.raises(Invalid):
            total_of([wanted(1, LARGEST_IDR), wanted(1, 1)])


class TestThePlan:
    def test_m7_each_installment_is_at_least_one_rupiah(self) -> None:
        check_plan(installments(10, down_payment=90), Rupiah(100), TODAY)
        with pytest.raises(Invalid, match="terlalu banyak"):
            check_plan(installments(11, down_payment=90), Rupiah(100), TODAY)

    def test_a_down_payment_leaves_a_rest(self) -> None:
        check_plan(installments(1, down_payment=99), Rupiah(100), TODAY)
        with pytest.raises(Invalid, match="Uang muka"):
            check_plan(installments(1, down_payment=100), Rupiah(100), TODAY)

    @pytest.mark.parametrize("days", [-31, 0, 3660])
    def test_a_day_that_can_be_meant_is_taken(self, days: int) -> None:
        day = TODAY + timedelta(days=days)

        check_plan(CashPlan(kind="cash", due_on=day), Rupiah(1), TODAY)
        check_plan(MonthlyPlan(kind="monthly", starts_on=day, due_day=31), Rupiah(1), TODAY)

    @pytest.mark.parametrize("days", [-32, 3661])
    def test_a_day_that_cannot_be_meant_is_refused(self, days: int) -> None:
        day = TODAY + timedelta(days=days)

        for plan in (
            CashPlan(kind="cash", due_on=day),
            MonthlyPlan(kind="monthly", starts_on=day, due_day=1),
        ):
            with pytest.raises(Invalid, match="tidak wajar"):
                check_plan(plan, Rupiah(1), TODAY)

    def test_the_down_payment_is_due_first(self) -> None:
        plan = InstallmentPlan(
            kind="installment",
            down_payment_idr=1,
            installments=2,
            first_due_on=TODAY,
            down_payment_due_on=TODAY + timedelta(days=1),
        )

        with pytest.raises(Invalid, match="paling lambat"):
            check_plan(plan, Rupiah(100), TODAY)


class TestWhoseCustomer:
    def test_a_marketing_registers_for_himself(self) -> None:
        assert choose_owner(WAWAN, None) == WAWAN

    def test_admin_registers_for_whom_he_names(self) -> None:
        assert choose_owner(None, SARI) == SARI

    @pytest.mark.parametrize("named", [WAWAN, SARI])
    def test_b3_a_marketing_names_nobody(self, named: UUID) -> None:
        with pytest.raises(MarketingReserved):
            choose_owner(WAWAN, named)

    def test_admin_must_name_somebody(self) -> None:
        with pytest.raises(MarketingMissing):
            choose_owner(None, None)


class TestWhoChangesWhat:
    def test_a30_marketing_may_only_ask_for_a_status(self) -> None:
        check_fields(["name", "phone", "address", "email"], may_decide=False)
        check_fields(["status"], may_decide=True)
        with pytest.raises(FieldReserved):
            check_fields(["name", "status"], may_decide=False)


def test_numbers_are_spelled_as_people_read_them() -> None:
    assert customer_number(42) == "PLG-000042"
    assert booking.booking_number(1_000_118) == "BKG-1000118"
