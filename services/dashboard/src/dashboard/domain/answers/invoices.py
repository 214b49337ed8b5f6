"""Plans, invoices, virtual accounts, messages and documents."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Named, Page


class PlanLine(Answer):
    """One dated part of a plan."""

    no: int
    kind: str = ""
    label: str | None = None
    due_on: date
    amount_idr: int
    invoice_id: UUID | None = None
    lapsed: bool = False


class Preview(Answer):
    """A plan that is not stored."""

    lines: tuple[PlanLine, ...] = ()
    va_mode: str = ""


class PaymentPlan(Answer):
    """A plan of a booking with its lines."""

    id: UUID
    booking_id: UUID
    customer_id: UUID | None = None
    kind: str
    title: str = ""
    va_mode: str = ""
    lines: tuple[PlanLine, ...] = ()


class VirtualAccount(Answer):
    """Where to pay; ``trouble`` says in Indonesian why there is none yet."""

    id: UUID | None = None
    number: str | None = None
    status: str
    amount_idr: int = 0
    expires_at: datetime | None = None
    extended_at: datetime | None = None
    holder_name: str | None = None
    trouble: str | None = None
    mode: str = "invoice"


class InvoiceLine(Answer):
    """What a bill is for."""

    description: str
    quantity: int = 1
    unit_price_idr: int = 0
    amount_idr: int | None = None

    @property
    def sum_idr(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_price_idr


class Invoice(Answer):
    """One bill."""

    id: UUID
    number: str
    customer: Named | None = None
    marketing: Named | None = None
    status: str
    issued_at: datetime | None = None
    due_on: date
    overdue: bool = False
    total_idr: int
    paid_idr: int = 0
    outstanding_idr: int = 0
    lines: tuple[InvoiceLine, ...] = ()
    title: str = ""
    booking_id: UUID | None = None
    virtual_account: VirtualAccount | None = None
    cancel_reason: str | None = None
    version: int = 1

    @property
    def heading(self) -> str:
        """What the bill is for, in one line."""
        if self.title:
            return self.title
        return self.lines[0].description if self.lines else self.number


class InvoiceTotals(Answer):
    """Sums over every invoice of a filter, not only this page."""

    total_idr: int = 0
    paid_idr: int = 0
    outstanding_idr: int = 0


class InvoicePage(Page[Invoice]):
    """A page of invoices with the sums and counts of the list."""

    totals: InvoiceTotals | None = None
    views: dict[str, int] = Field(default_factory=dict)


class Message(Answer):
    """One message to a customer; ``url`` opens WhatsApp with it."""

    id: UUID
    channel: str = "whatsapp_link"
    kind: str = "invoice"
    purpose: str = ""
    recipient: str = ""
    text: str = ""
    url: str | None = None
    state: str = "opened"
    opened_at: datetime | None = None
    created_at: datetime | None = None
    confirmed_by: str | None = None
    sent_at: datetime | None = None
    trouble: str | None = None

    @property
    def at(self) -> datetime | None:
        """When it left."""
        return self.opened_at or self.created_at


class Document(Answer):
    """A paper that is ready to be fetched."""

    kind: str
    number: str = ""
    link_path: str | None = None
    created_at: datetime | None = None
