"""Payments and their allocations over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from reconciliation.api.views import PaymentPage, PaymentTotals, PaymentView, show, show_all
from reconciliation.domain.payment import PaymentStatus, Verification
from reconciliation.handlers import allocating
from reconciliation.store import payment_list
from reconciliation.store import payments as store
from reconciliation.store.payment_list import PaymentFilter, Sort
from shared.contracts.bank_gateway import Channel
from shared.money import PositiveIdr, Rupiah
from shared.paging import ListQuery
from shared.text import Reason
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

Day = Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2150, 1, 1))]


class PaymentQuery(ListQuery):
    """The query of a list of payments; ``from`` and ``to`` are WIB days, both included."""

    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    status: PaymentStatus | None = None
    verification: Verification | None = None
    channel: Channel | None = None
    from_day: Day | None = Field(default=None, alias="from")
    to_day: Day | None = Field(default=None, alias="to")
    sort: Sort = "-paid_at"

    @property
    def filter(self) -> PaymentFilter:
        return PaymentFilter(**self.model_dump(exclude={"limit", "cursor", "sort"}))


class Direct(BaseModel):
    """Which invoice gets how much of what is left of the payment."""

    model_config = ConfigDict(extra="forbid")

    invoice_id: UUID
    amount_idr: PositiveIdr


@router.get("/api/v1/payments")
async def list_payments(
    session: Transaction, query: Annotated[PaymentQuery, Query()]
) -> PaymentPage:
    """List payments, newest first or as ``sort`` says, with the sums of the whole filter."""
    order = payment_list.order_of(query.sort)
    asked = (query.filter, order, query.cursor, query.limit + 1)
    rows = await payment_list.list_payments(session, *asked)
    page = rows[: query.limit]
    last = page[-1][0] if len(rows) > query.limit else None
    sums = asdict(await payment_list.sum_payments(session, query.filter))
    return PaymentPage(
        items=await show_all(session, page),
        next_cursor=last and order.cursor(last),
        total=sums.pop("count"),
        totals=PaymentTotals(**sums),
    )


@router.get("/api/v1/payments/{payment_id}")
async def get_payment(payment_id: UUID, session: Transaction) -> PaymentView:
    """Show one payment."""
    return await show(session, await store.get_payment(session, payment_id))


@router.post("/api/v1/payments/{payment_id}/allocations", status_code=201)
async def direct(payment_id: UUID, body: Direct, session: Transaction) -> PaymentView:
    """Pay an invoice with what is left of a payment (titipan)."""
    amount = Rupiah(body.amount_idr)
    payment = await allocating.direct(session, payment_id, body.invoice_id, amount)
    return await show(session, payment)


@router.delete("/api/v1/allocations/{allocation_id}")
async def take_back(
    allocation_id: UUID,
    session: Transaction,
    reason: Annotated[Reason, Query()] = "Dibalik oleh Admin",
) -> PaymentView:
    """Reverse an allocation; its history stays."""
    return await show(session, await allocating.take_back(session, allocation_id, reason))
