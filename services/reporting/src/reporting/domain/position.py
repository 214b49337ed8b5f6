"""How far one customer is: what is billed, what has come, what falls due (ui.md, page P4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from reporting.domain.share import shares

SOON_DAYS = 3


class State(StrEnum):
    """Where a customer stands, in one word; computed, never stored."""

    NONE = "none"
    OVERDUE = "overdue"
    PAID = "paid"
    DUE_SOON = "due_soon"
    PARTIALLY_PAID = "partially_paid"
    ISSUED = "issued"
    SCHEDULED = "scheduled"


@dataclass(frozen=True, slots=True)
class Owed:
    """One amount a customer owes: a live invoice, or a plan line that is not issued yet.

    ``paid_idr`` is the sum of the live allocations, between 0 and ``total_idr`` (M6).
    """

    customer_id: UUID
    due_on: date
    total_idr: int
    paid_idr: int
    invoiced: bool

    @property
    def unpaid_idr(self) -> int:
        return self.total_idr - self.paid_idr

    def overdue(self, today: date) -> bool:
        """Tell whether an issued amount should have come before ``today``."""
        return self.invoiced and self.due_on < today and self.unpaid_idr > 0


@dataclass(frozen=True, slots=True)
class Position:
    """The figures of one customer; paid + due this month + remaining = billed."""

    billed_idr: int
    paid_idr: int
    due_this_month_idr: int
    remaining_idr: int
    overdue_idr: int
    overdue_since: date | None
    next_due_on: date | None
    next_due_idr: int
    invoiced: bool

    @property
    def unpaid_idr(self) -> int:
        """Everything not paid yet: due this month and the rest together."""
        return self.billed_idr - self.paid_idr

    @property
    def percents(self) -> tuple[int, int, int]:
        """Paid, due this month, remaining in tenths of a percent; together 1000, or 0."""
        paid, due, remaining = shares([self.paid_idr, self.due_this_month_idr, self.remaining_idr])
        return paid, due, remaining

    def overdue_days(self, today: date) -> int:
        """Count the days since the oldest overdue amount was due; 0 when nothing is late."""
        return (today - self.overdue_since).days if self.overdue_since else 0

    def state(self, today: date) -> State:
        """Name the state; the first that holds, in the order of urgency."""
        if not self.billed_idr:
            return State.NONE
        if self.overdue_idr:
            return State.OVERDUE
        if not self.unpaid_idr:
            return State.PAID
        if self.next_due_on and (self.next_due_on - today).days <= SOON_DAYS:
            return State.DUE_SOON
        if self.paid_idr:
            return State.PARTIALLY_PAID
        return State.ISSUED if self.invoiced else State.SCHEDULED


def position(owed: Iterable[Owed], today: date) -> Position:
    """Add up one customer's position on a WIB day."""
    amounts = list(owed)
    billed = sum(amount.total_idr for amount in amounts)
    paid = sum(amount.paid_idr for amount in amounts)
    due = sum(a.unpaid_idr for a in amounts if same_month(a.due_on, today))
    late = [a for a in amounts if a.overdue(today)]
    ahead = [a for a in amounts if a.due_on >= today and a.unpaid_idr]
    next_due_on = min((a.due_on for a in ahead), default=None)
    return Position(
        billed_idr=billed,
        paid_idr=paid,
        due_this_month_idr=due,
        remaining_idr=billed - paid - due,
        overdue_idr=sum(a.unpaid_idr for a in late),
        overdue_since=min((a.due_on for a in late), default=None),
        next_due_on=next_due_on,
        next_due_idr=sum(a.unpaid_idr for a in ahead if a.due_on == next_due_on),
        invoiced=any(a.invoiced for a in amounts),
    )


def same_month(day: date, today: date) -> bool:
    """Tell whether two days fall in one calendar month."""
    return (day.year, day.month) == (today.year, today.month)
