"""Rules about bookings: what they cost, how they are to be paid, how they move (S)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from shared.contracts.customer import CashPlan, InstallmentPlan, MonthlyPlan
from shared.errors import Invalid, InvalidTransition, NotFound
from shared.money import LARGEST_IDR, Rupiah

Plan = CashPlan | InstallmentPlan | MonthlyPlan

BACKDATED = timedelta(days=31)
"""A deal may be entered this late; an older due date is taken for a slip of the pen."""

AHEAD = timedelta(days=3660)


class BookingStatus(StrEnum):
    """Where a booking stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


S = BookingStatus
TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    S.DRAFT: frozenset({S.CONFIRMED, S.CANCELLED}),
    S.CONFIRMED: frozenset({S.COMPLETED, S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.CANCELLED: frozenset(),
}


class BookingNotFound(NotFound):
    """No such booking in the reader's scope (A7)."""

    detail = "Booking tidak ditemukan."


class TotalTooLarge(Invalid):
    """The sum of the items is beyond what the books hold."""

    detail = "Total booking melebihi {largest}. Periksa jumlah dan harga."


class DownPaymentTooLarge(Invalid):
    """A down payment leaves something to be paid in installments."""

    detail = "Uang muka harus lebih kecil dari total {total}."


class TooManyInstallments(Invalid):
    """Each installment is at least one rupiah."""

    detail = "{installments} cicilan terlalu banyak untuk sisa {remaining}."


class DateOutOfRange(Invalid):
    """A due date that cannot be meant."""

    detail = "Tanggal {day} tidak wajar. Pilih antara {first} dan {last}."


class DownPaymentAfterInstallment(Invalid):
    """The down payment comes first."""

    detail = "Uang muka jatuh tempo paling lambat pada tanggal cicilan pertama."


@dataclass(frozen=True, slots=True)
class Wanted:
    """One product as the customer wants it, at the agreed price."""

    product_id: UUID
    quantity: int
    unit_price_idr: int

    @property
    def amount_idr(self) -> int:
        """Give quantity x unit price."""
        return self.quantity * self.unit_price_idr


def booking_number(taken: int) -> str:
    """Spell the number that people read: ``BKG-000118``."""
    return f"BKG-{taken:06d}"


def move(current: BookingStatus, target: BookingStatus) -> BookingStatus:
    """Take one step of the life of a booking.

    Raises:
        InvalidTransition: the table does not have it.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=str(current), target=str(target))
    return target


def total_of(items: Sequence[Wanted]) -> Rupiah:
    """Add the items up.

    Raises:
        TotalTooLarge: the sum is beyond what the books hold (M1).
    """
    total = sum(item.amount_idr for item in items)
    if total > LARGEST_IDR:
        raise TotalTooLarge(field="items", largest=Rupiah(LARGEST_IDR))
    return Rupiah(total)


def check_plan(plan: Plan, total: Rupiah, today: date) -> None:
    """See that a plan can be carried out: it divides the total, and its dates can be meant.

    Raises:
        Invalid: the field is named.
    """
    if isinstance(plan, CashPlan):
        _check_date("plan.due_on", plan.due_on, today)
    elif isinstance(plan, MonthlyPlan):
        _check_date("plan.starts_on", plan.starts_on, today)
    else:
        _check_installments(plan, total, today)


def _check_installments(plan: InstallmentPlan, total: Rupiah, today: date) -> None:
    remaining = total - Rupiah(plan.down_payment_idr)
    if remaining <= Rupiah(0):
        raise DownPaymentTooLarge(field="plan.down_payment_idr", total=total)
    if plan.installments > remaining.amount:
        raise TooManyInstallments(
            field="plan.installments", installments=plan.installments, remaining=remaining
        )
    _check_date("plan.first_due_on", plan.first_due_on, today)
    if plan.down_payment_due_on is not None:
        _check_date("plan.down_payment_due_on", plan.down_payment_due_on, today)
        if plan.down_payment_due_on > plan.first_due_on:
            raise DownPaymentAfterInstallment(field="plan.down_payment_due_on")


def _check_date(field: str, day: date, today: date) -> None:
    first, last = today - BACKDATED, today + AHEAD
    if not first <= day <= last:
        raise DateOutOfRange(field=field, day=day, first=first, last=last)
