"""Invoices over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from invoicing.api.views import InvoicePage, InvoiceTotals, InvoiceView, show, show_all
from invoicing.domain.invoice import Charge, InvoiceStatus
from invoicing.handlers.cancelling import cancel_invoice
from invoicing.handlers.issuing import FreeBill, issue_free, issue_plan_line
from invoicing.settings import Settings
from invoicing.store import invoice_list
from invoicing.store import invoices as store
from invoicing.store.invoice_list import InvoiceFilter, Sort, View
from shared.money import PositiveIdr, Rupiah
from shared.paging import ListQuery
from shared.text import Line, Reason
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class IssueLine(BaseModel):
    """Issue one line of a plan."""

    model_config = ConfigDict(extra="forbid")

    plan_id: UUID
    line_no: int = Field(ge=1, le=100_000)


class FreeLine(BaseModel):
    """One line of a free bill."""

    model_config = ConfigDict(extra="forbid")

    description: Line
    quantity: int = Field(default=1, ge=1, le=1_000_000, strict=True)
    unit_price_idr: PositiveIdr


class IssueFree(BaseModel):
    """Issue a bill that no plan foresaw."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    due_on: date = Field(ge=date(2000, 1, 1), lt=date(2150, 1, 1))
    lines: list[FreeLine] = Field(min_length=1, max_length=100)


def _kind_of_issue(body: Any) -> str:
    planned = isinstance(body, dict) and ("plan_id" in body or "line_no" in body)
    return "planned" if planned or isinstance(body, IssueLine) else "free"


IssueRequest = Annotated[
    Annotated[IssueLine, Tag("planned")] | Annotated[IssueFree, Tag("free")],
    Discriminator(_kind_of_issue),
]


class Cancel(BaseModel):
    """Why the bill is void."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class InvoiceQuery(ListQuery):
    """The query of a list of invoices; each filter is named like its field."""

    view: View = "all"
    status: InvoiceStatus | None = None
    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    booking_id: UUID | None = None
    overdue: bool | None = None
    due_from: date | None = None
    due_to: date | None = None
    sort: Sort = "-issued_at"

    def filter(self, today: date) -> InvoiceFilter:
        return InvoiceFilter(today=today, **self.model_dump(exclude={"limit", "cursor", "sort"}))


@router.get("/api/v1/invoices")
async def list_invoices(
    session: Transaction, query: Annotated[InvoiceQuery, Query()]
) -> InvoicePage:
    """List invoices, newest first or as ``sort`` says, with sums and counts of the filter."""
    wanted, order = query.filter(session.clock.today()), invoice_list.order_of(query.sort)
    asked = (wanted, order, query.cursor, query.limit + 1)
    rows = await invoice_list.list_invoices(session, *asked)
    page = rows[: query.limit]
    last = page[-1][0] if len(rows) > query.limit else None
    sums, views = await invoice_list.figures(session, wanted)
    return InvoicePage(
        items=await show_all(session, page),
        next_cursor=last and order.cursor(last),
        total=sums.count,
        totals=InvoiceTotals(
            total_idr=sums.total_idr,
            paid_idr=sums.paid_idr,
            outstanding_idr=sums.outstanding_idr,
        ),
        views=views,
    )


@router.post("/api/v1/invoices", status_code=201)
async def issue_invoice(body: IssueRequest, session: Transaction, request: Request) -> InvoiceView:
    """Issue a line of a plan, or a free bill."""
    if isinstance(body, IssueLine):
        return await show(session, await issue_plan_line(session, body.plan_id, body.line_no))
    charges = [
        Charge(line.description, line.quantity, Rupiah(line.unit_price_idr)) for line in body.lines
    ]
    settings: Settings = request.app.state.service.settings
    mode = settings.paying.mode_of_free_bill()
    bill = FreeBill(body.customer_id, body.due_on, charges, mode)
    return await show(session, await issue_free(session, bill))


@router.get("/api/v1/invoices/{invoice_id}")
async def get_invoice(invoice_id: UUID, session: Transaction) -> InvoiceView:
    """Show one invoice."""
    return await show(session, await store.get_invoice(session, invoice_id))


@router.post("/api/v1/invoices/{invoice_id}/cancel")
async def cancel(invoice_id: UUID, body: Cancel, session: Transaction) -> InvoiceView:
    """Void a bill that has received no money."""
    return await show(session, await cancel_invoice(session, invoice_id, body.reason))
