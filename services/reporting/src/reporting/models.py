"""Tables: copies of what other services own, with their versions (E5), and our documents."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.ids import new_id
from shared.tables import instant


class Table(SQLModel, registry=registry()):
    """Tables of reporting, apart from those of other services in the same process."""

    metadata = MetaData()


def _big(**options: Any) -> Any:
    return Field(sa_type=BigInteger, **options)


class User(Table, table=True):
    """Who may sign in; Marketing's phone stands on paper."""

    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    username: str
    name: str
    role: str
    phone: str | None = None
    disabled: bool
    version: int = _big()


class Product(Table, table=True):
    """A product of the catalogue."""

    __tablename__ = "products"

    id: UUID = Field(primary_key=True)
    code: str
    name: str
    kind: str
    price_idr: int = _big()
    active: bool
    version: int = _big()


class Customer(Table, table=True):
    """A customer; ``marketing_id`` decides who sees all that follows him."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    number: str
    name: str
    phone: str
    address: str
    email: str | None = None
    marketing_id: UUID
    marketing_name: str
    status: str
    registered_at: datetime = instant()
    version: int = _big()


class Booking(Table, table=True):
    """What a customer booked; ``items`` as the event told them."""

    __tablename__ = "bookings"

    id: UUID = Field(primary_key=True)
    number: str
    customer_id: UUID
    status: str
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    total_idr: int = _big()
    notes: str
    booked_at: datetime = instant()
    version: int = _big()


class Plan(Table, table=True):
    """How a booking is paid."""

    __tablename__ = "plans"

    id: UUID = Field(primary_key=True)
    booking_id: UUID
    booking_number: str
    customer_id: UUID
    kind: str
    title: str
    version: int = _big()


class PlanLine(Table, table=True):
    """One dated part of a plan."""

    __tablename__ = "plan_lines"

    plan_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    customer_id: UUID
    kind: str
    label: str
    due_on: date
    amount_idr: int = _big()
    invoice_id: UUID | None = None
    lapsed: bool


class Invoice(Table, table=True):
    """A bill. What is paid of it is the sum of its live allocations, never a column (M6)."""

    __tablename__ = "invoices"

    id: UUID = Field(primary_key=True)
    number: str
    customer_id: UUID
    booking_id: UUID | None = None
    plan_id: UUID | None = None
    plan_line_no: int | None = None
    title: str
    status: str
    issued_at: datetime = instant()
    issued_on: date
    due_on: date
    total_idr: int = _big()
    lines: list[dict[str, Any]] = Field(sa_type=JSONB)
    cancel_reason: str | None = None
    cancelled_on: date | None = None
    version: int = _big()


class VirtualAccount(Table, table=True):
    """Where to pay; of several for one invoice the highest version counts."""

    __tablename__ = "virtual_accounts"

    id: UUID = Field(primary_key=True)
    invoice_id: UUID | None = None
    customer_id: UUID
    number: str | None = None
    holder_name: str
    status: str
    amount_idr: int = _big()
    expires_at: datetime | None = instant(default=None)
    trouble: str | None = None
    version: int = _big()


class Payment(Table, table=True):
    """A payment as reconciliation has it in the books."""

    __tablename__ = "payments"

    id: UUID = Field(primary_key=True)
    customer_id: UUID | None = None
    channel: str
    virtual_account: str | None = None
    bank_reference: str
    amount_idr: int = _big()
    unallocated_idr: int = _big()
    paid_at: datetime = instant()
    paid_on: date
    received_at: datetime = instant()
    status: str
    verification: str
    reason: str | None = None
    version: int = _big()


class Allocation(Table, table=True):
    """What one invoice got of one payment."""

    __tablename__ = "allocations"

    id: UUID = Field(primary_key=True)
    payment_id: UUID
    customer_id: UUID | None = None
    invoice_id: UUID
    invoice_number: str
    amount_idr: int = _big()
    reversed: bool


class Message(Table, table=True):
    """Whether a customer was told of a bill."""

    __tablename__ = "messages"

    id: UUID = Field(primary_key=True)
    customer_id: UUID
    invoice_id: UUID | None = None
    purpose: str
    sent: bool
    version: int = _big()


class Document(Table, table=True):
    """A numbered paper; ``revision`` is its newest."""

    __tablename__ = "documents"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    number: str
    customer_id: UUID
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    revision: int
    issued_at: datetime = instant()


class DocumentRevision(Table, table=True):
    """What a paper said at one moment: frozen, insert-only.

    ``facts_hash`` tells whether anything changed since; ``paper_hash`` seals the content.
    """

    __tablename__ = "document_revisions"

    document_id: UUID = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    customer_id: UUID
    facts_hash: str
    paper: dict[str, Any] = Field(sa_type=JSONB)
    paper_hash: str
    file_name: str
    frozen_at: datetime = instant()


class DocumentLink(Table, table=True):
    """A way to one document without signing in: random, expiring, counted, revocable."""

    __tablename__ = "document_links"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    document_id: UUID
    customer_id: UUID
    token: str
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant(default=None)
    opened: int = 0

    @property
    def path(self) -> str:
        return f"/d/{self.token}"

    def opens(self, now: datetime) -> bool:
        """Tell whether the link still leads to its document."""
        return self.revoked_at is None and now < self.expires_at
