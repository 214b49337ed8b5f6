"""Which rupiah of a billing the bank holds and nobody told us of (M8)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

PATIENCE = timedelta(minutes=15)
"""How long a notification may be under way before its money is taken from the inquiry (R2)."""


@dataclass(frozen=True, slots=True)
class Covered:
    """What one payment that we know of covers: (lower, upper]."""

    lower_idr: int
    upper_idr: int
    paid_at: datetime

    def holds(self, other: "Covered") -> bool:
        """Tell whether every rupiah of the other is among these."""
        return self.lower_idr <= other.lower_idr and other.upper_idr <= self.upper_idr


@dataclass(frozen=True, slots=True)
class Gap:
    """Rupiah that came, (lower, upper], in one payment or in several; the bank does not say.

    Attributes:
        paid_before: when the last of them was paid at the latest: the bank's running total only
            grows, so they came before the payment above them.
        is_last: it ends at the bank's total, so the bank tells its last payment's number.
    """

    lower_idr: int
    upper_idr: int
    paid_before: datetime
    is_last: bool

    @property
    def amount_idr(self) -> int:
        return self.upper_idr - self.lower_idr


def find_gaps(known: Iterable[Covered], total_idr: int, last_paid_at: datetime) -> list[Gap]:
    """Give what is missing of (0, total], lowest first; claims above the total are no measure."""
    found, reached = [], 0
    for payment in sorted(known, key=lambda each: each.lower_idr):
        if payment.lower_idr >= total_idr:
            break
        if payment.lower_idr > reached:
            found.append(Gap(reached, payment.lower_idr, payment.paid_at, is_last=False))
        reached = max(reached, payment.upper_idr)
    if reached < total_idr:
        found.append(Gap(reached, total_idr, last_paid_at, is_last=True))
    return found
