"""What events told us, as plain records: the input of recaps and papers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """One customer and the Marketing who owns him now."""

    id: UUID
    number: str
    name: str
    phone: str
    address: str
    email: str | None
    status: str
    registered_at: datetime
    marketing_id: UUID
    marketing_name: str
    marketing_phone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFacts:
    """One virtual account; ``number`` once the bank has given it."""

    id: UUID
    invoice_id: UUID | None
    number: str | None
    holder_name: str
    status: str
    amount_idr: int
    expires_at: datetime | None
    trouble: str | None
    mode: str = "invoice"
    plan_id: UUID | None = None
    va_owner_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLineFacts:
    """What a bill is for."""

    description: str
    quantity: int
    unit_price_idr: int
    amount_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceFacts:
    """One invoice with the sum of its live allocations (M6) and the account to pay into.

    ``credit_used_idr`` is the part of ``paid_idr`` that had come before the bill was issued.
    """

    id: UUID
    customer_id: UUID
    number: str
    title: str
    status: str
    issued_at: datetime
    due_on: date
    total_idr: int
    paid_idr: int
    last_paid_at: datetime | None
    cancel_reason: str | None
    booking_id: UUID | None
    plan_id: UUID | None
    plan_line_no: int | None
    lines: tuple[InvoiceLineFacts, ...]
    account: AccountFacts | None
    receipts: tuple[str, ...] = ()
    credit_used_idr: int = 0

    @property
    def live(self) -> bool:
        """Tell whether it is owed: not a draft, not cancelled."""
        return self.status not in {"draft", "cancelled"}

    @property
    def unpaid_idr(self) -> int:
        return self.total_idr - self.paid_idr if self.live else 0

    @property
    def present_status(self) -> str:
        """The status as the allocations make it, so that it never contradicts ``paid_idr``."""
        if not self.live:
            return self.status
        if not self.unpaid_idr:
            return "paid"
        return "partially_paid" if self.paid_idr else "issued"

    def days_late(self, today: date) -> int:
        """Count the days past due; 0 when nothing is late."""
        return max((today - self.due_on).days, 0) if self.unpaid_idr else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationFacts:
    """What one invoice got of one payment."""

    id: UUID
    payment_id: UUID
    invoice_id: UUID
    invoice_number: str
    invoice_title: str
    amount_idr: int
    reversed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFacts:
    """One payment in the books; live allocations + disposed + unallocated = amount (M5).

    ``disposed_idr`` was returned to the payer or written off.
    """

    id: UUID
    customer_id: UUID | None
    channel: str
    virtual_account: str | None
    bank_reference: str
    amount_idr: int
    unallocated_idr: int
    disposed_idr: int
    paid_at: datetime
    received_at: datetime
    status: str
    verification: str
    allocations: tuple[AllocationFacts, ...]
    receipt_number: str | None = None
    letter_number: str | None = None

    @property
    def live(self) -> bool:
        return self.status != "reversed"

    @property
    def official(self) -> bool:
        """Tell whether a Kwitansi may exist: the bank itself has confirmed it (C11)."""
        return self.live and self.verification == "verified"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLineFacts:
    """One dated part of a plan; ``future`` when it is owed but not issued yet."""

    plan_id: UUID
    no: int
    kind: str
    label: str
    due_on: date
    amount_idr: int
    invoice_id: UUID | None
    lapsed: bool
    future: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """How one booking is paid."""

    id: UUID
    booking_id: UUID
    booking_number: str
    kind: str
    title: str
    lines: tuple[PlanLineFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingItemFacts:
    """One product on a booking."""

    product_id: UUID
    product_name: str
    quantity: int
    unit_price_idr: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingFacts:
    """What a customer booked."""

    id: UUID
    number: str
    status: str
    items: tuple[BookingItemFacts, ...]
    total_idr: int
    notes: str
    booked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """Everything known about one customer at one moment."""

    customer: CustomerFacts
    invoices: tuple[InvoiceFacts, ...]
    payments: tuple[PaymentFacts, ...]
    plans: tuple[PlanFacts, ...]
    bookings: tuple[BookingFacts, ...]
    accounts: tuple[AccountFacts, ...]
