"""What a payment may become (S) and what the bank's word about it means (C11)."""

from __future__ import annotations

from enum import StrEnum

from shared.errors import Conflict, InvalidTransition
from shared.money import Rupiah


class Verification(StrEnum):
    """Whether an inquiry to the bank confirmed what the callback said."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    DISPUTED = "disputed"


class PaymentStatus(StrEnum):
    """Where a payment stands in the books."""

    POSTED = "posted"
    ALLOCATED = "allocated"
    REVERSED = "reversed"


V = Verification
VERIFICATIONS: dict[Verification, frozenset[Verification]] = {
    V.UNVERIFIED: frozenset({V.VERIFIED, V.DISPUTED}),
    V.VERIFIED: frozenset(),
    V.DISPUTED: frozenset(),
}


class PaymentTakenBack(Conflict):
    """A payment that was taken back moves no more money."""

    detail = "Pembayaran ini sudah dibalik. Tidak ada yang dapat dialokasikan."


class PayerUnknown(Conflict):
    """Money of nobody known pays no bill yet (M9)."""

    detail = "Pengirim pembayaran ini belum teridentifikasi."


class AllocationReversed(Conflict):
    """An allocation is reversed at most once (M3)."""

    detail = "Alokasi ini sudah dibalik."


def verify(current: Verification, told: Verification) -> Verification:
    """Take the bank's word; a repeat of the first callback says nothing new.

    Raises:
        InvalidTransition: the bank contradicts what it confirmed or disputed before.
    """
    if told in {current, V.UNVERIFIED}:
        return current
    if told not in VERIFICATIONS[current]:
        raise InvalidTransition(current=str(current), target=str(told))
    return told


def status_of(amount: Rupiah, allocated: Rupiah, *, reversed_: bool) -> PaymentStatus:
    """Give the status: ``allocated`` when no rupiah of it is left over."""
    if reversed_:
        return PaymentStatus.REVERSED
    return PaymentStatus.ALLOCATED if allocated == amount else PaymentStatus.POSTED
