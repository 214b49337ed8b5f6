"""Recaps over HTTP."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query

from reporting.api import recap_views, shaping, views
from reporting.domain.period import Group, Span
from reporting.handlers import recaps
from reporting.store import customer_list
from reporting.store.customer_list import Filter, Sort, View
from reporting.store.recaps import Range
from shared import paging
from shared.database import Session
from shared.paging import ListQuery
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

From = Annotated[date | None, Query(alias="from")]
To = Annotated[date | None, Query(alias="to")]
Marketing = Annotated[UUID | None, Query()]


class CustomerQuery(ListQuery):
    """Filters of the list of customers; ``overdue=true`` is the view of that name."""

    view: View = "all"
    marketing_id: UUID | None = None
    status: Literal["active", "inactive"] | None = None
    overdue: bool = False
    sort: Sort = "name"


@router.get("/api/v1/recaps/customers")
async def list_customers(
    session: Transaction, asked: Annotated[CustomerQuery, Query()]
) -> views.CustomerList:
    """List customers by name, or as ``sort`` says, with figures; ``totals`` covers all pages."""
    wanted = Filter(
        view="overdue" if asked.overdue else asked.view,
        search=asked.search,
        marketing_id=asked.marketing_id,
        status=asked.status,
        sort=asked.sort,
    )
    after = paging.decode(asked.cursor, 3)
    rows = await customer_list.page(session, wanted, after, asked.limit + 1)
    summary = await customer_list.summary(session, wanted)
    shown = rows[: asked.limit]
    return views.CustomerList(
        as_of=session.clock.now(),
        items=[shaping.customer_item(row, session.clock.today()) for row in shown],
        next_cursor=paging.encode([*shown[-1].key]) if len(rows) > asked.limit else None,
        total=summary.views[wanted.view],
        totals=views.ListTotals(
            billed_idr=summary.billed_idr,
            paid_idr=summary.paid_idr,
            outstanding_idr=summary.billed_idr - summary.paid_idr,
            overdue_idr=summary.overdue_idr,
            credit_idr=summary.credit_idr,
        ),
        views=summary.views,
    )


@router.get("/api/v1/recaps/customers/{customer_id}")
async def show_customer(customer_id: UUID, session: Transaction) -> views.CustomerPage:
    """Show one customer with everything that adds up to his figures."""
    return shaping.customer_page(await recaps.recap_customer(session, customer_id))


@router.get("/api/v1/recaps/marketing")
async def show_marketing(
    session: Transaction, first: From = None, last: To = None, marketing_id: Marketing = None
) -> recap_views.MarketingList:
    """Show what fell due in a period and what came of it, one row per Marketing (M10)."""
    recap = await recaps.recap_marketing(session, Range(first, last), marketing_id)
    return recap_views.MarketingList(
        as_of=session.clock.now(),
        first=first,
        last=last,
        items=[
            recap_views.MarketingItem(
                marketing=views.Named(id=row.marketing_id, name=row.name),
                **dict(shaping.collection_sums(row.totals)),
            )
            for row in recap.rows
        ],
        totals=shaping.collection_sums(recap.totals),
        channels=[shaping.channel(row) for row in recap.channels],
    )


@router.get("/api/v1/recaps/payments")
async def show_payments(
    session: Transaction,
    first: From = None,
    last: To = None,
    group: Group = Group.DAY,
    marketing_id: Marketing = None,
) -> recap_views.PaymentRecap:
    """Show a period: what came by day, week or month and channel, and how the books closed."""
    span = this_month(session, first, last, group)
    recap = await recaps.recap_period(session, span, marketing_id)
    return recap_views.PaymentRecap(
        as_of=session.clock.now(),
        first=span.first,
        last=span.last,
        group=group.value,
        items=shaping.pieces(recap),
        totals=recap_views.PaymentTotals(payments=recap.payments, amount_idr=recap.received_idr),
        series=shaping.series(recap),
        channels=[shaping.channel(row) for row in recap.channels],
        marketing=shaping.owners(recap),
        open_by_age=shaping.open_by_age(recap),
        closing=shaping.closing(recap),
        unidentified_idr=recap.unidentified_idr,
        corrections=[recap_views.Correction(**asdict(each)) for each in recap.corrections],
    )


@router.get("/api/v1/recaps/home")
async def show_home(session: Transaction) -> dict[str, Any]:
    """Give the figures of the first page."""
    home = await recaps.recap_home(session)
    customers, due = home.customers, home.due_soon
    since = customers["oldest_due_on"]
    good = customers["active"] - customers["overdue"] - customers["due_soon"]
    month = f"{home.today:%Y-%m}"
    return {
        "as_of": home.as_of,
        "overdue": {
            "customers": customers["overdue"],
            "amount_idr": customers["overdue_idr"],
            "oldest_name": customers["oldest_name"],
            "oldest_days": (home.today - since).days if since else 0,
        },
        "due_soon": dict(due),
        "va_failed": dict(home.failed) if home.failed else _NO_FAILURE,
        "unsent": dict(home.unsent) if home.unsent else {"count": 0, "invoice_id": None},
        "month": {"received_idr": home.received[month], "expected_idr": home.expected_idr},
        "months": [{"month": m, "received_idr": idr} for m, idr in home.received.items()],
        "customers": {
            "active": customers["active"],
            "new_this_month": customers["new_this_month"],
            "good": max(good, 0),
            "due_soon": customers["due_soon"],
            "due_soon_idr": customers["due_soon_idr"],
            "overdue": customers["overdue"],
            "overdue_idr": customers["overdue_idr"],
        },
        "last_callback_at": home.last_callback_at,
    }


_NO_FAILURE = {"count": 0, "invoice_id": None, "invoice_number": None, "trouble": None}


def this_month(session: Session, first: date | None, last: date | None, group: Group) -> Span:
    """Give the period asked for; without one, the present month until today."""
    end = last or session.clock.today()
    return Span(first or end.replace(day=1), end, group)
