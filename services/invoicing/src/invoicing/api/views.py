"""How an invoice looks outside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from invoicing.domain.invoice import is_overdue
from invoicing.models import Customer, Invoice, InvoiceLine, VirtualAccount
from invoicing.store import copies, invoices
from shared.contracts.bank_gateway import VaStatus
from shared.contracts.customer import VaMode
from shared.contracts.invoicing import InvoiceLine as Line
from shared.contracts.invoicing import InvoiceStatus, PlanKind
from shared.database import Session
from shared.paging import Page


class Named(BaseModel):
    """Somebody, by id and name."""

    id: UUID
    name: str


class CustomerView(Named):
    """Who owes."""

    number: str


class VirtualAccountView(BaseModel):
    """Where to pay; ``number`` once the bank gave it, ``trouble`` says why it has not.

    Several bills share it when its ``mode`` is contract or customer.
    """

    id: UUID
    number: str | None
    holder_name: str
    status: VaStatus
    amount_idr: int
    expires_at: datetime | None
    trouble: str | None
    mode: VaMode


class InvoiceView(BaseModel):
    """One bill; ``virtual_account`` is null until the bank-gateway has heard of it."""

    id: UUID
    number: str
    customer: CustomerView
    marketing: Named
    booking_id: UUID | None
    plan_id: UUID | None
    plan_line_no: int | None
    plan_kind: PlanKind | None
    title: str
    status: InvoiceStatus
    issued_at: datetime
    issued_by: str
    due_on: date
    overdue: bool
    total_idr: int
    paid_idr: int
    outstanding_idr: int
    lines: list[Line]
    virtual_account: VirtualAccountView | None
    va_mode: VaMode
    cancel_reason: str | None
    version: int


class InvoiceTotals(BaseModel):
    """Sums over every row of the filter; void bills are left out."""

    total_idr: int
    paid_idr: int
    outstanding_idr: int


class InvoicePage(Page[InvoiceView]):
    """One page; ``views`` counts each tab under the same other filters."""

    totals: InvoiceTotals
    views: dict[str, int]


async def show(session: Session, invoice: Invoice) -> InvoiceView:
    """Shape one invoice."""
    customer = await copies.get_customer(session, invoice.customer_id)
    return (await show_all(session, [(invoice, customer)]))[0]


async def show_all(session: Session, rows: list[tuple[Invoice, Customer]]) -> list[InvoiceView]:
    """Shape several invoices with two queries for all of them."""
    await session.flush()
    ids = [invoice.id for invoice, _ in rows]
    lines = await invoices.lines_of(session, ids)
    owners = [invoice.va_owner_id or invoice.id for invoice, _ in rows]
    accounts = await copies.virtual_accounts_of(session, owners)
    today = session.clock.today()
    return [
        _view(invoice, customer, lines[invoice.id], accounts.get(owner), today)
        for (invoice, customer), owner in zip(rows, owners, strict=True)
    ]


def _view(
    invoice: Invoice,
    customer: Customer,
    lines: list[InvoiceLine],
    account: VirtualAccount | None,
    today: date,
) -> InvoiceView:
    facts: dict[str, Any] = invoice.model_dump(exclude={"customer_id", "va_owner_id"})
    return InvoiceView(
        customer=CustomerView(id=customer.id, name=customer.name, number=customer.number),
        marketing=Named(id=customer.marketing_id, name=customer.marketing_name),
        overdue=is_overdue(invoice.status, invoice.due_on, today),
        outstanding_idr=invoice.outstanding_idr,
        lines=[Line(**line.model_dump(exclude={"invoice_id", "no"})) for line in lines],
        virtual_account=account and VirtualAccountView(**account.model_dump()),
        **facts,
    )
