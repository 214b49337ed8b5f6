"""Copies of what other services own, with their versions (E5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from reporting.models.base import Table, big
from shared.tables import computed_id, instant


class User(Table, table=True):
    """Who may sign in; Marketing's phone stands on paper."""

    __tablename__ = "users"

    id: UUID = Field(primary_key=True)
    username: str
    name: str
    role: str
    phone: str | None = None
    disabled: bool
    version: int = big()


class Product(Table, table=True):
    """A product of the catalogue."""

    __tablename__ = "products"

    id: UUID = Field(primary_key=True)
    code: str
    name: str
    kind: str
    price_idr: int = big()
    active: bool
    version: int = big()


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
    version: int = big()


class Booking(Table, table=True):
    """What a customer booked; ``items`` as the event told them."""

    __tablename__ = "bookings"

    id: UUID = Field(primary_key=True)
    number: str
    customer_id: UUID
    status: str
    items: list[dict[str, Any]] = Field(sa_type=JSONB)
    total_idr: int = big()
    notes: str
    booked_at: datetime = instant()
    version: int = big()


class Plan(Table, table=True):
    """How a booking is paid."""

    __tablename__ = "plans"

    id: UUID = Field(primary_key=True)
    booking_id: UUID
    booking_number: str
    customer_id: UUID
    kind: str
    title: str
    version: int = big()


class PlanLine(Table, table=True):
    """One dated part of a plan."""

    __tablename__ = "plan_lines"

    plan_id: UUID = Field(primary_key=True)
    no: int = Field(primary_key=True)
    customer_id: UUID
    kind: str
    label: str
    due_on: date
    amount_idr: int = big()
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
    total_idr: int = big()
    lines: list[dict[str, Any]] = Field(sa_type=JSONB)
    cancel_reason: str | None = None
    cancelled_on: date | None = None
    va_mode: str = "invoice"
    va_owner_id: UUID | None = computed_id(
        "CASE va_mode WHEN 'customer' THEN customer_id"
        " WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END"
    )
    version: int = big()


class VirtualAccount(Table, table=True):
    """Where to pay; of several for one bill, contract or customer the highest version counts."""

    __tablename__ = "virtual_accounts"

    id: UUID = Field(primary_key=True)
    invoice_id: UUID | None = None
    customer_id: UUID
    number: str | None = None
    holder_name: str
    status: str
    amount_idr: int = big()
    expires_at: datetime | None = instant(default=None)
    trouble: str | None = None
    mode: str = "invoice"
    plan_id: UUID | None = None
    va_owner_id: UUID | None = computed_id("coalesce(invoice_id, plan_id, customer_id)")
    version: int = big()


class Payment(Table, table=True):
    """A payment as reconciliation has it in the books."""

    __tablename__ = "payments"

    id: UUID = Field(primary_key=True)
    customer_id: UUID | None = None
    channel: str
    virtual_account: str | None = None
    bank_reference: str
    payer_name: str = ""
    amount_idr: int = big()
    unallocated_idr: int = big()
    disposed_idr: int = big(default=0)
    paid_at: datetime = instant()
    paid_on: date
    received_at: datetime = instant()
    status: str
    verification: str
    reason: str | None = None
    reversed_on: date | None = None
    version: int = big()


class Allocation(Table, table=True):
    """What one invoice got of one payment."""

    __tablename__ = "allocations"

    id: UUID = Field(primary_key=True)
    payment_id: UUID
    customer_id: UUID | None = None
    invoice_id: UUID
    invoice_number: str
    amount_idr: int = big()
    reversed: bool


class Disposal(Table, table=True):
    """What was returned or written off of one payment, on the day on which it left."""

    __tablename__ = "disposals"

    id: UUID = Field(primary_key=True)
    payment_id: UUID
    customer_id: UUID | None = None
    amount_idr: int = big()
    disposed_on: date
    undone: bool


class Message(Table, table=True):
    """Whether a customer was told of a bill."""

    __tablename__ = "messages"

    id: UUID = Field(primary_key=True)
    customer_id: UUID
    invoice_id: UUID | None = None
    purpose: str
    sent: bool
    version: int = big()
