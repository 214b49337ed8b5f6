"""Payment plans: how an agreed price becomes dated lines (M7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from invoicing.domain.calendar import first_due_day, in_month, month_label, months_after
from shared.contracts.customer import (
    BookingItem,
    CashPlan,
    InstallmentPlan,
    MonthlyPlan,
    PlanTerms,
)
from shared.contracts.invoicing import LineKind
from shared.errors import Invalid
from shared.money import Rupiah

MONTHS_AHEAD = 12
"""How many lines of a monthly plan wait to be issued, at any time."""

EARLIEST, LATEST = date(2000, 1, 1), date(2150, 1, 1)


class DownPaymentTooLarge(Invalid):
    """Nothing would be left to pay in installments."""

    detail = "Uang muka {down_payment} harus kurang dari total {total}."


class TooManyInstallments(Invalid):
    """An installment would be less than one rupiah."""

    detail = "{installments} angsuran terlalu banyak untuk {rest}: tiap angsuran minimal Rp1."


class DownPaymentTooLate(Invalid):
    """The down payment would fall due after the first installment."""

    detail = "Uang muka jatuh tempo {down_payment_due_on}, setelah angsuran pertama {first_due_on}."


class DateOutOfRange(Invalid):
    """A date that is certainly a slip of the keyboard."""

    detail = "Tanggal {day} di luar jangkauan."


class DueInThePast(Invalid):
    """A new plan starts with a day that has passed."""

    detail = "Tanggal {day} sudah lewat. Pilih hari ini atau sesudahnya."


@dataclass(frozen=True, slots=True)
class Line:
    """One dated part of a plan."""

    no: int
    kind: LineKind
    label: str
    due_on: date
    amount: Rupiah


def make_lines(terms: PlanTerms, total: Rupiah, made_on: date) -> list[Line]:
    """Turn terms into lines; cash and installments sum exactly to ``total`` (M7).

    Args:
        total: the agreed price; of a monthly plan, the price of one month.
        made_on: the WIB day on which the plan is made; a down payment without a day of its own
            is due then.

    Raises:
        Invalid: the plan does not add up; ``field`` names where.
    """
    match terms:
        case CashPlan():
            due_on = _possible(terms.due_on, "plan.due_on")
            return [Line(1, "cash", "Pelunasan", due_on, total)]
        case InstallmentPlan():
            return _installment_lines(terms, total, made_on)
        case MonthlyPlan():
            return monthly_lines(terms, total, after_no=0, count=MONTHS_AHEAD)


def monthly_lines(terms: MonthlyPlan, price: Rupiah, *, after_no: int, count: int) -> list[Line]:
    """Give the ``count`` lines of a monthly plan that follow line ``after_no``."""
    first = first_due_day(_possible(terms.starts_on, "plan.starts_on"), terms.due_day)
    lines = []
    for no in range(after_no + 1, after_no + count + 1):
        due_on = in_month(first.year, first.month + no - 1, terms.due_day)
        lines.append(Line(no, "monthly", f"Bulanan {month_label(due_on)}", due_on, price))
    return lines


def refuse_past(terms: PlanTerms, today: date) -> None:
    """Refuse a plan whose first day has passed; asked while a person can still correct it.

    A confirmed booking is not asked again: time may pass between booking and confirmation.

    Raises:
        DueInThePast: with the field.
    """
    match terms:
        case CashPlan():
            days = {"plan.due_on": terms.due_on}
        case InstallmentPlan():
            days = {"plan.first_due_on": terms.first_due_on}
            if terms.down_payment_due_on is not None:
                days["plan.down_payment_due_on"] = terms.down_payment_due_on
        case MonthlyPlan():
            days = {}
    for field, day in days.items():
        if day < today:
            raise DueInThePast(day=day.isoformat(), field=field)


def missing_ahead(unissued: int) -> int:
    """Tell how many lines a monthly plan lacks, to be twelve months ahead again."""
    return max(MONTHS_AHEAD - unissued, 0)


def title_of(items: Sequence[BookingItem]) -> str:
    """Name a contract after what was booked: ``Kavling B-12 + 2 lainnya``."""
    first = items[0]
    name = first.product_name if first.quantity == 1 else f"{first.quantity} x {first.product_name}"
    return name if len(items) == 1 else f"{name} + {len(items) - 1} lainnya"


def _installment_lines(terms: InstallmentPlan, total: Rupiah, made_on: date) -> list[Line]:
    down_payment = Rupiah(terms.down_payment_idr)
    first_due_on = _possible(terms.first_due_on, "plan.first_due_on")
    _check_sums(terms, total)
    lines = []
    if down_payment:
        due_on = _down_payment_day(terms, made_on)
        lines.append(Line(1, "down_payment", "Uang muka", due_on, down_payment))
    for index, amount in enumerate((total - down_payment).split(terms.installments)):
        label = f"Angsuran {index + 1} dari {terms.installments}"
        due_on = months_after(first_due_on, index)
        lines.append(Line(len(lines) + 1, "installment", label, due_on, amount))
    return lines


def _check_sums(terms: InstallmentPlan, total: Rupiah) -> None:
    down_payment = Rupiah(terms.down_payment_idr)
    if down_payment >= total:
        raise DownPaymentTooLarge(
            down_payment=down_payment, total=total, field="plan.down_payment_idr"
        )
    rest = total - down_payment
    if terms.installments > rest.amount:
        raise TooManyInstallments(
            installments=terms.installments, rest=rest, field="plan.installments"
        )


def _down_payment_day(terms: InstallmentPlan, made_on: date) -> date:
    if terms.down_payment_due_on is None:
        return min(made_on, terms.first_due_on)
    due_on = _possible(terms.down_payment_due_on, "plan.down_payment_due_on")
    if due_on > terms.first_due_on:
        raise DownPaymentTooLate(
            down_payment_due_on=due_on.isoformat(),
            first_due_on=terms.first_due_on.isoformat(),
            field="plan.down_payment_due_on",
        )
    return due_on


def _possible(day: date, field: str) -> date:
    if not EARLIEST <= day < LATEST:
        raise DateOutOfRange(day=day.isoformat(), field=field)
    return day
