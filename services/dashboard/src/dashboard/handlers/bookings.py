"""Bookings: the list, the wizard, the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from dashboard.domain.answers.base import Page
from dashboard.domain.answers.customers import Booking, BookingPage, Customer
from dashboard.domain.answers.invoices import PaymentPlan, PlanLine, Preview
from dashboard.domain.draft import ACCOUNTS_SAY, Draft
from dashboard.domain.forms import Form
from dashboard.domain.listing import Listing
from dashboard.domain.refusals import Refused
from dashboard.domain.schedule import Schedule, schedule_of
from dashboard.handlers.products import products_on_sale
from dashboard.store.services import Reader
from shared.errors import NotFound, Unavailable


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a booking's plan on its page."""

    plan_id: UUID
    no: int
    title: str
    due_on: date
    amount_idr: int
    invoice_id: UUID | None
    lapsed: bool
    issue_key: str | None


async def list_bookings(reader: Reader, listing: Listing) -> dict[str, Any]:
    """Show one page of the list; sums and counts are of the whole filter."""
    found = await reader.get("customer", "/bookings", BookingPage, **listing.asks)
    return {
        "rows": found.items,
        "totals": found.totals,
        "list": listing.found(found.total, len(found.items), found.next_cursor, found.views),
    }


async def find_customers(reader: Reader, words: str) -> Sequence[Customer]:
    """Find whom a booking may be for."""
    found = await reader.get("customer", "/customers", Page[Customer], search=words, limit=8)
    return found.items


async def read_draft(reader: Reader, given: Sequence[tuple[str, str]]) -> Draft:
    """Read what was typed so far against the catalogue."""
    products = await products_on_sale(reader)
    return Draft(tuple(given), {product.id: product for product in products})


async def preview(reader: Reader, draft: Draft, today: date) -> tuple[Form, Schedule | None]:
    """Compute the schedule; nothing is stored."""
    form = draft.form(today)
    if form.errors or not draft.items:
        return form, None
    body = {"total_idr": draft.total_idr, "plan": draft.terms(today)}
    try:
        plan = await reader.send("invoicing", "POST", "/plans/preview", body, Preview)
    except Refused as refusal:
        return Form(form.values, {"": str(refusal)}), None
    return form, schedule_of(plan.lines, draft.total_idr, draft.kind, plan.va_mode)


async def create_booking(reader: Reader, draft: Draft, today: date, key: str) -> Booking:
    """Save the booking as a draft."""
    body: dict[str, Any] = {
        "customer_id": draft.value("customer"),
        "items": [
            {
                "product_id": str(item.product_id),
                "quantity": item.quantity,
                "unit_price_idr": item.unit_price_idr,
            }
            for item in draft.items
        ],
        "plan": draft.terms(today),
    }
    if draft.notes:
        body["notes"] = draft.notes
    return await reader.send("customer", "POST", "/bookings", body, Booking, key=key)


async def confirm_booking(
    reader: Reader, booking_id: UUID, key: str, *, issue_first: bool
) -> Booking:
    """Confirm; the plan follows, and with ``issue_first`` its first bill."""
    path = f"/bookings/{booking_id}/confirm"
    body = {"issue_first": issue_first}
    return await reader.send("customer", "POST", path, body, Booking, key=key)


async def cancel_booking(reader: Reader, booking_id: UUID, reason: str, key: str) -> Booking:
    """Cancel; lines not yet issued lapse."""
    path = f"/bookings/{booking_id}/cancel"
    return await reader.send("customer", "POST", path, {"reason": reason}, Booking, key=key)


async def show_booking(reader: Reader, booking_id: UUID) -> dict[str, Any]:
    """Put a booking's page together."""
    booking = await reader.get("customer", f"/bookings/{booking_id}", Booking)
    customer = await reader.get("customer", f"/customers/{booking.owner_id}", Customer)
    key = uuid4().hex
    plans = await _plans(reader, booking)
    lines = _lines(plans, booking, key)
    schedule = await _planned(reader, booking) if booking.status == "draft" else None
    return {
        "booking": booking,
        "customer": customer,
        "key": key,
        "lines": lines,
        "next_no": next((line.no for line in lines if line.issue_key), 0),
        "schedule": schedule,
        "va_says": _va_says(plans, schedule),
        "waiting": booking.status == "confirmed" and not lines,
    }


async def _plans(reader: Reader, booking: Booking) -> Sequence[PaymentPlan]:
    if booking.status == "draft":
        return ()
    found = await reader.get("invoicing", "/plans", Page[PaymentPlan], booking_id=booking.id)
    return found.items


def _lines(plans: Sequence[PaymentPlan], booking: Booking, key: str) -> list[Line]:
    issuable = booking.status == "confirmed"
    return [
        _line(plan, line, f"{key}-{line.no}" if issuable else None)
        for plan in plans
        for line in plan.lines
    ]


def _va_says(plans: Sequence[PaymentPlan], schedule: Schedule | None) -> str:
    """Say whose virtual account the bills are paid to, once the plan or its preview tells."""
    modes = [plan.va_mode for plan in plans] + ([schedule.va_mode] if schedule else [])
    return ACCOUNTS_SAY.get(modes[0], "") if modes else ""


def _line(plan: PaymentPlan, line: PlanLine, key: str | None) -> Line:
    title = line.label or f"Tagihan {line.no}"
    free = line.invoice_id is None and not line.lapsed
    return Line(
        plan.id,
        line.no,
        title,
        line.due_on,
        line.amount_idr,
        line.invoice_id,
        line.lapsed,
        key if free else None,
    )


async def _planned(reader: Reader, booking: Booking) -> Schedule | None:
    if booking.plan is None:
        return None
    terms = booking.plan.model_dump(mode="json", exclude_defaults=True)
    body = {"total_idr": booking.total_idr, "plan": terms}
    try:
        plan = await reader.send("invoicing", "POST", "/plans/preview", body, Preview)
    except (Refused, NotFound, Unavailable):
        return None
    return schedule_of(plan.lines, booking.total_idr, booking.plan.kind, plan.va_mode)
