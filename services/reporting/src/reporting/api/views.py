"""What leaves over HTTP: names that stay (spec: the public API)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, PlainSerializer

OneDecimal = Annotated[int, PlainSerializer(lambda tenths: tenths / 10, return_type=float)]
"""Tenths of a percent, written as ``13.8``; no amount ever passes through here."""


class Named(BaseModel):
    """Somebody by id and name."""

    id: UUID
    name: str


class CustomerName(BaseModel):
    """A customer in a list."""

    id: UUID
    number: str
    name: str
    phone: str
    status: str
    marketing: Named


class CustomerDetail(CustomerName):
    """A customer on his own page."""

    address: str
    email: str | None
    registered_at: datetime


class Percents(BaseModel):
    """The donut: three shares with one decimal that add to 100.0, or to 0 of nothing."""

    paid: OneDecimal
    due_this_month: OneDecimal
    remaining: OneDecimal


class Money(BaseModel):
    """The figures of one customer."""

    billed_idr: int
    paid_idr: int
    outstanding_idr: int
    due_this_month_idr: int
    remaining_idr: int
    credit_idr: int
    overdue_idr: int
    overdue_days: int
    next_due_on: date | None
    next_due_idr: int
    percent: Percents
    state: str


class CustomerItem(Money):
    """One row of the list of customers."""

    customer: CustomerName


class ListTotals(BaseModel):
    """Sums over all rows of the filter, not only this page's."""

    billed_idr: int
    paid_idr: int
    outstanding_idr: int
    overdue_idr: int
    credit_idr: int


class CustomerList(BaseModel):
    """A page of customers."""

    as_of: datetime
    items: list[CustomerItem]
    next_cursor: str | None
    total: int
    totals: ListTotals
    views: dict[str, int]


class Account(BaseModel):
    """A virtual account, of one bill, of a contract or of the customer (``mode``)."""

    id: UUID
    invoice_id: UUID | None
    number: str | None
    holder_name: str
    status: str
    amount_idr: int
    expires_at: datetime | None
    trouble: str | None
    mode: str
    plan_id: UUID | None


class InvoiceItem(BaseModel):
    """A bill, or (``id`` null, status ``scheduled``) a plan line that is not issued yet."""

    id: UUID | None
    number: str | None
    title: str
    kind: str | None
    plan_id: UUID | None
    plan_line_no: int | None
    booking_id: UUID | None
    booking_number: str | None
    contract: str | None
    issued_at: datetime | None
    due_on: date
    total_idr: int
    paid_idr: int
    outstanding_idr: int
    status: str
    overdue: bool
    overdue_days: int
    paid_at: datetime | None
    virtual_account: Account | None


class AllocationItem(BaseModel):
    """What a bill got of a payment."""

    invoice_id: UUID
    invoice_number: str
    amount_idr: int
    reversed: bool


class PaymentItem(BaseModel):
    """A payment; allocated + unallocated = amount (M5)."""

    id: UUID
    paid_at: datetime
    received_at: datetime
    channel: str
    bank_reference: str
    virtual_account: str | None
    amount_idr: int
    status: str
    verification: str
    allocations: list[AllocationItem]
    unallocated_idr: int
    receipt_number: str | None
    letter_number: str | None


class ProductItem(BaseModel):
    """One product on a booking."""

    product_id: UUID
    product_name: str
    quantity: int
    unit_price_idr: int


class BookingItem(BaseModel):
    """What a customer booked, and how it is paid."""

    id: UUID
    number: str
    status: str
    booked_at: datetime
    total_idr: int
    notes: str
    items: list[ProductItem]
    plan_id: UUID | None
    plan_kind: str | None
    billed_idr: int
    paid_idr: int
    next_due_on: date | None


class CustomerPage(Money):
    """Everything about one customer."""

    as_of: datetime
    customer: CustomerDetail
    unverified_idr: int
    invoices: list[InvoiceItem]
    payments: list[PaymentItem]
    bookings: list[BookingItem]
    virtual_accounts: list[Account]


class DocumentItem(BaseModel):
    """An issued document; ``link_path`` opens without signing in until ``expires_at``.

    ``state`` is what became of it; ``stamp_duty``: it needs a meterai.
    """

    id: UUID
    kind: str
    number: str
    revision: int
    state: str
    stamp_duty: bool
    customer_id: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    link_path: str | None
    expires_at: datetime | None
    opened: int
    created_at: datetime


class DocumentList(BaseModel):
    """The newest documents of the filter."""

    items: list[DocumentItem]


class Verification(BaseModel):
    """What a stranger learns of a paper he holds; all that is not ``genuine`` looks the same."""

    genuine: bool
    kind: str | None = None
    number: str | None = None
    name: str | None = None
    dated_on: date | None = None
    amount_idr: int | None = None
    state: str | None = None
    revision: int | None = None
    newest_revision: int | None = None
