"""Money that came."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dashboard.domain.answers.base import Answer, Named, Page


class PaymentCustomer(Named):
    """Whose money it is, and who sells to him."""

    number: str = ""
    marketing: Named | None = None


class Allocation(Answer):
    """What one invoice got of a payment."""

    id: UUID | None = None
    invoice_id: UUID
    invoice_number: str
    amount_idr: int
    reversed: bool = False


class Part(Answer):
    """What one customer got of a payment that was split; ``id`` is his own payment."""

    id: UUID
    customer: Named
    amount_idr: int
    allocations: tuple[Allocation, ...] = ()
    unallocated_idr: int = 0


class Payment(Answer):
    """One payment in the books; of a split one the ``parts`` count."""

    id: UUID
    amount_idr: int
    channel: str = "bni_va"
    paid_at: datetime
    received_at: datetime | None = None
    bank_reference: str | None = None
    virtual_account: str | None = None
    customer: PaymentCustomer | None = None
    status: str = "posted"
    verification: str = "unverified"
    letter_number: str | None = None
    allocations: tuple[Allocation, ...] = ()
    unallocated_idr: int = 0
    disposed_idr: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def live_allocations(self) -> tuple[Allocation, ...]:
        """The parts that still count."""
        return tuple(part for part in self.allocations if not part.reversed)

    @property
    def has_receipt(self) -> bool:
        """A Kwitansi exists only once the bank confirmed (C11)."""
        return self.verification == "verified" and self.status != "reversed"


class Slice(Answer):
    """How many and how much."""

    count: int = 0
    amount_idr: int = 0


class PaymentTotals(Answer):
    """Sums over every payment of a filter."""

    amount_idr: int = 0
    verified: Slice = Slice()
    unverified: Slice = Slice()
    held: Slice = Slice()


class PaymentPage(Page[Payment]):
    """A page of payments with the sums of the filter."""

    totals: PaymentTotals | None = None
