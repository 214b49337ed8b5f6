"""The tables of invoicing; ``migrations/`` holds their constraints."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from invoicing.domain import invoice as rules
from invoicing.domain.invoice import Charge, InvoiceStatus
from invoicing.domain.plan import Line
from shared.contracts.customer import BookingItem
from shared.ids import new_id
from shared.money import Rupiah
from shared.principal import Principal
from shared.tables import computed_id, instant


class InvoicingTable(SQLModel, registry=registry()):
    """Tables of invoicing, apart from those of other services in the same process."""


class Customer(InvoicingTable, table=True):
    """The copy of a customer; ``marketing_id`` decides who may see what follows him (A2)."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    marketing_id: UUID
    marketing_name: str
    number: str
    name: str
    phone: str
    version: int


class Booking(InvoicingTable, table=True):
    """What was last heard of a booking, so that a late confirmation revives nothing (E5)."""

    __tablename__ = "bookings"

    id: UUID = Field(primary_key=True)
    customer_id: UUID
    status: str
    version: int


class Plan(InvoicingTable, table=True):
    """How a booking is to be paid; one per booking."""

    __tablename__ = "plans"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID
    booking_number: str
    customer_id: UUID
    kind: str
    title: str
    total_idr: int = Field(sa_type=BigInteger)
    terms: dict[str, Any] = Field(sa_type=JSONB)
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    va_mode: str = "invoice"
    cancelled: bool = False
    made_at: datetime = instant()
    version: int = 1

    @property
    def booked_items(self) -> list[BookingItem]:
        return [BookingItem.model_validate(item) for item in self.items]


class PlanLine(InvoicingTable, table=True):
    """One dated part of a plan; issued when it names its invoice."""

    __tablename__ = "plan_lines"

    plan_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    customer_id: UUID
    kind: str
    label: str
    due_on: date
    amount_idr: int = Field(sa_type=BigInteger)
    invoice_id: UUID | None = None
    lapsed: bool = False

    @property
    def as_line(self) -> Line:
        kind: Any = self.kind
        return Line(self.no, kind, self.label, self.due_on, Rupiah(self.amount_idr))


class Invoice(InvoicingTable, table=True):
    """A bill. 0 <= paid <= total, and the status says which (M6).

    ``marketing_id`` is its customer's; the database writes it, and follows a reassignment (A6).
    """

    __tablename__ = "invoices"
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": True}  # va_owner_id

    id: UUID = Field(default_factory=new_id, primary_key=True)
    number: str
    customer_id: UUID
    marketing_id: UUID | None = None
    booking_id: UUID | None = None
    plan_id: UUID | None = None
    plan_line_no: int | None = None
    plan_kind: str | None = None
    title: str
    status: str = InvoiceStatus.ISSUED
    issued_at: datetime = instant()
    due_on: date
    total_idr: int = Field(sa_type=BigInteger)
    paid_idr: int = Field(default=0, sa_type=BigInteger)
    cancel_reason: str | None = None
    issued_by: str = ""
    va_mode: str = "invoice"
    va_owner_id: UUID | None = computed_id(
        "CASE va_mode WHEN 'customer' THEN customer_id"
        " WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END"
    )
    version: int = 1

    @property
    def state(self) -> InvoiceStatus:
        return InvoiceStatus(self.status)

    @property
    def outstanding_idr(self) -> int:
        """What is still owed; a void bill owes nothing."""
        return 0 if self.state is InvoiceStatus.CANCELLED else self.total_idr - self.paid_idr

    def settle(self, paid: Rupiah) -> bool:
        """Take the sum of live allocations; tell whether anything changed."""
        if paid.amount == self.paid_idr:
            return False
        self.status = rules.settle(self.state, Rupiah(self.total_idr), paid)
        self.paid_idr = paid.amount
        self.version += 1
        return True

    def cancel(self, reason: str) -> None:
        """Void the bill; only with paid = 0."""
        self.status = rules.cancel(self.state, self.number, Rupiah(self.paid_idr))
        self.cancel_reason = reason
        self.version += 1


class InvoiceLine(InvoicingTable, table=True):
    """What a bill is for."""

    __tablename__ = "invoice_lines"

    invoice_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    customer_id: UUID
    description: str
    quantity: int = Field(sa_type=BigInteger)
    unit_price_idr: int = Field(sa_type=BigInteger)
    amount_idr: int = Field(sa_type=BigInteger)

    @classmethod
    def of(cls, invoice: Invoice, no: int, charge: Charge) -> InvoiceLine:
        return cls(
            invoice_id=invoice.id,
            no=no,
            customer_id=invoice.customer_id,
            description=charge.description,
            quantity=charge.quantity,
            unit_price_idr=charge.unit_price.amount,
            amount_idr=charge.amount.amount,
        )


class Payment(InvoicingTable, table=True):
    """Which state of a payment the allocations below come from (E5)."""

    __tablename__ = "payments"

    id: UUID = Field(primary_key=True)
    customer_id: UUID | None
    version: int


class Allocation(InvoicingTable, table=True):
    """What one invoice has of one payment now; the sum per invoice is its paid (M6)."""

    __tablename__ = "allocations"

    payment_id: UUID = Field(primary_key=True)
    invoice_id: UUID = Field(primary_key=True)
    customer_id: UUID
    amount_idr: int = Field(sa_type=BigInteger)


class VirtualAccount(InvoicingTable, table=True):
    """The copy of the account that a bill, a contract or a customer has; the newest one of it."""

    __tablename__ = "virtual_accounts"

    va_owner_id: UUID = Field(primary_key=True)
    id: UUID
    customer_id: UUID
    mode: str
    number: str | None
    holder_name: str
    status: str
    amount_idr: int = Field(sa_type=BigInteger)
    expires_at: datetime | None = instant(default=None)
    trouble: str | None = None
    version: int


class BillingRun(InvoicingTable, table=True):
    """One bulk issue of what falls due in a month."""

    __tablename__ = "billing_runs"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    period: str
    marketing_id: UUID | None = None
    customer_id: UUID | None = None
    dry_run: bool
    status: str
    total: int
    done: int
    created: int
    skipped: int
    failed: int
    total_idr: int = Field(sa_type=BigInteger)
    requested_by: UUID
    requested_at: datetime = instant()
    version: int = 1


class BulkJob(InvoicingTable, table=True):
    """One act on many bills, as the person who asked for it and in his scope (A2)."""

    __tablename__ = "bulk_jobs"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    action: str
    reason: str
    status: str = "running"
    total: int
    ok: int = 0
    skipped: int = 0
    failed: int = 0
    asked_by_id: UUID
    asked_by_name: str
    asked_by_role: str
    marketing_id: UUID | None = None
    asked_at: datetime = instant()
    ended_at: datetime | None = instant(default=None)
    version: int = 1

    @property
    def done(self) -> int:
        return self.ok + self.skipped + self.failed

    @property
    def person(self) -> Principal:
        """Who acts: in his name, and no further than he saw when he asked."""
        return Principal(
            self.asked_by_id, self.asked_by_name, self.asked_by_role, self.marketing_id
        )


class BulkItem(InvoicingTable, table=True):
    """One bill of it; ``why`` says in words what kept it from being done."""

    __tablename__ = "bulk_items"

    job_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    invoice_id: UUID
    number: str
    amount_idr: int = Field(sa_type=BigInteger)
    status: str = "waiting"
    why: str = ""
