"""Events of invoicing: what is owed. Aggregates: plan, invoice, billing run."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.customer import VaMode
from shared.events import Event
from shared.money import NonNegativeIdr, PositiveIdr

InvoiceStatus = Literal["draft", "issued", "partially_paid", "paid", "cancelled"]
PlanKind = Literal["cash", "installment", "monthly"]
LineKind = Literal["down_payment", "installment", "monthly", "cash"]


class PlanLine(BaseModel):
    """One dated part of a plan; ``invoice_id`` once it is issued, ``lapsed`` when it never will."""

    model_config = ConfigDict(frozen=True)

    no: int = Field(ge=1)
    kind: LineKind
    label: str
    due_on: date
    amount_idr: PositiveIdr
    invoice_id: UUID | None = None
    lapsed: bool = False


class PlanMade(Event):
    """A plan was made, or got more lines, or lines were issued or lapsed; the full state."""

    TYPE: ClassVar[str] = "plan.made"

    booking_id: UUID
    booking_number: str
    customer_id: UUID
    kind: PlanKind
    title: str
    lines: list[PlanLine]
    va_mode: VaMode = "invoice"


class InvoiceLine(BaseModel):
    """What a bill is for; ``amount_idr`` = quantity x unit price."""

    model_config = ConfigDict(frozen=True)

    description: str
    quantity: int = Field(ge=1)
    unit_price_idr: PositiveIdr
    amount_idr: PositiveIdr


class InvoiceState(Event):
    """The full state of one invoice; 0 <= paid <= total (M6).

    ``va_mode`` says whose virtual account it is paid to; it never changes.
    """

    number: str
    customer_id: UUID
    booking_id: UUID | None
    plan_id: UUID | None
    plan_line_no: int | None
    plan_kind: PlanKind | None
    title: str
    status: InvoiceStatus
    issued_at: AwareDatetime
    due_on: date
    total_idr: PositiveIdr
    paid_idr: NonNegativeIdr
    lines: list[InvoiceLine]
    cancel_reason: str | None = None
    issued_by: str = ""
    va_mode: VaMode = "invoice"

    @property
    def va_owner_id(self) -> UUID:
        """Say whose account it is paid to: its own, its contract's, or the customer's."""
        if self.va_mode == "customer":
            return self.customer_id
        contract = self.plan_id if self.va_mode == "contract" else None
        return contract or self.aggregate_id


class InvoiceIssued(InvoiceState):
    """The bill exists and is owed; the bank-gateway opens its virtual account."""

    TYPE: ClassVar[str] = "invoice.issued"


class InvoiceChanged(InvoiceState):
    """Amount, due date, paid or status changed."""

    TYPE: ClassVar[str] = "invoice.changed"


class InvoicePaid(InvoiceState):
    """The last rupiah was allocated: paid = total (S); stands in for ``invoice.changed``."""

    TYPE: ClassVar[str] = "invoice.paid"


class InvoiceCancelled(InvoiceState):
    """The bill is void; only ever with paid = 0."""

    TYPE: ClassVar[str] = "invoice.cancelled"


class BulkJobProgressed(Event):
    """An act on many bills moved on or ended; ``customer_id`` is the last one it touched."""

    TYPE: ClassVar[str] = "bulk_job.progressed"

    status: Literal["running", "stopping", "stopped", "done"]
    total: int
    ok: int
    skipped: int
    failed: int
    asked_by_id: UUID
    customer_id: UUID | None = None


class BillingRunProgressed(Event):
    """A bulk run moved on or ended."""

    TYPE: ClassVar[str] = "billing_run.progressed"

    period: str
    status: Literal["running", "done", "stopped"]
    done: int
    total: int
    created: int
    skipped: int
    failed: int
