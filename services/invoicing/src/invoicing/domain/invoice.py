"""What an invoice may become, and what it is worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from invoicing.domain.plan import Line
from shared.contracts.customer import BookingItem
from shared.errors import Conflict, Invalid, InvalidTransition
from shared.money import LARGEST_IDR, Rupiah

DUE_SOON_DAYS = 3


class InvoiceStatus(StrEnum):
    """Where an invoice stands; overdue is not a status, it is computed."""

    DRAFT = "draft"
    ISSUED = "issued"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


S = InvoiceStatus
TRANSITIONS: dict[InvoiceStatus, frozenset[InvoiceStatus]] = {
    S.DRAFT: frozenset({S.ISSUED, S.CANCELLED}),
    S.ISSUED: frozenset({S.PARTIALLY_PAID, S.PAID, S.CANCELLED}),
    S.PARTIALLY_PAID: frozenset({S.PARTIALLY_PAID, S.PAID, S.ISSUED}),  # back: a reversal
    S.PAID: frozenset({S.PAID, S.PARTIALLY_PAID}),
    S.CANCELLED: frozenset(),
}
OPEN = (S.ISSUED, S.PARTIALLY_PAID)


class MoneyReceived(Conflict):
    """A bill that has received money cannot be cancelled (M6)."""

    detail = (
        "Tagihan {number} sudah menerima {paid}. Balik dahulu alokasi pembayarannya, lalu batalkan."
    )


class PaidAboveTotal(Conflict):
    """The allocations of an invoice are more than it is worth (M6)."""

    detail = "Alokasi {paid} melebihi total tagihan {total}."


class TotalTooLarge(Invalid):
    """More rupiah than the bank can carry."""

    detail = "Total tagihan melebihi batas."


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of a bill: what for, how many, at what price."""

    description: str
    quantity: int
    unit_price: Rupiah

    @property
    def amount(self) -> Rupiah:
        return Rupiah(self.quantity * self.unit_price.amount)


def move(current: InvoiceStatus, target: InvoiceStatus) -> InvoiceStatus:
    """Take a step of the state machine.

    Raises:
        InvalidTransition: the machine has no such step (S).
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=str(current), target=str(target))
    return target


def settle(current: InvoiceStatus, total: Rupiah, paid: Rupiah) -> InvoiceStatus:
    """Give the status that belongs to what was paid; ``paid`` exactly when paid = total (S).

    Raises:
        PaidAboveTotal: M6 would break.
        InvalidTransition: the invoice is a draft or cancelled.
    """
    if paid > total:
        raise PaidAboveTotal(paid=paid, total=total)
    unpaid = S.PARTIALLY_PAID if paid else S.ISSUED
    target = S.PAID if paid == total else unpaid
    if current is S.PAID and target is S.ISSUED:  # the whole payment was reversed
        current = move(current, S.PARTIALLY_PAID)
    return current if target is current else move(current, target)


def cancel(current: InvoiceStatus, number: str, paid: Rupiah) -> InvoiceStatus:
    """Void a bill that has received no money.

    Raises:
        MoneyReceived: it has (M6).
        InvalidTransition: it is void already.
    """
    if paid:
        raise MoneyReceived(number=number, paid=paid, current=str(current))
    return move(current, S.CANCELLED)


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Tell whether money is missing after its day."""
    return status in OPEN and due_on < today


def due_soon_until(today: date) -> date:
    """Give the last day that counts as soon."""
    return today + timedelta(days=DUE_SOON_DAYS)


def number_of(year: int, month: int, sequence: int) -> str:
    """Spell an invoice number: ``INV/2026/11/000001``."""
    return f"INV/{year}/{month:02}/{sequence:06}"


def charges_of(line: Line, title: str, items: Sequence[BookingItem]) -> list[Charge]:
    """Say what a bill of a plan line is for.

    Where the line is the whole price, the booked items are its lines; an installment is one.
    """
    whole = line.kind in {"cash", "monthly"}
    prefix = f"{line.label}: " if line.kind == "monthly" else ""
    charges = [
        Charge(f"{prefix}{item.product_name}", item.quantity, Rupiah(item.unit_price_idr))
        for item in items
    ]
    if whole and charges and total_of(charges) == line.amount:
        return charges
    return [Charge(f"{line.label}: {title}", 1, line.amount)]


def total_of(charges: Sequence[Charge]) -> Rupiah:
    """Add the lines of a bill up.

    Raises:
        TotalTooLarge: beyond what an amount may be.
    """
    total = sum((charge.amount for charge in charges), Rupiah(0))
    if total.amount > LARGEST_IDR:
        raise TotalTooLarge(field="lines")
    return total
