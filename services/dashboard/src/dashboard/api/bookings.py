"""Pages of bookings: the list, the wizard of five steps, the booking."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.draft import ACCOUNTS, ACCOUNTS_SAY, Draft
from dashboard.domain.forms import Form, identity
from dashboard.domain.lists import BOOKINGS
from dashboard.domain.refusals import Refused
from dashboard.handlers import bookings as handlers
from dashboard.handlers.customers import find_customer

router = PageRouter()


@router.get("/bookings")
async def list_bookings(visit: Visiting) -> HTMLResponse:
    """Show the bookings."""
    shown = await handlers.list_bookings(visit.reader, await visit.listing(BOOKINGS))
    return await visit.show("bookings/list.html", **shown)


@router.get("/bookings/new")
async def new_booking(visit: Visiting) -> HTMLResponse:
    """Show the step that the address has come to; everything typed is in the address."""
    draft = await handlers.read_draft(visit.reader, visit.request.query_params.multi_items())
    if not draft.value("customer"):
        words = draft.value("q")
        found = await handlers.find_customers(visit.reader, words)
        return await visit.show("bookings/customer.html", draft=draft, q=words, customers=found)
    if not draft.chosen:
        return await _products(visit, draft)
    return await _scheme(visit, draft, reviewing=draft.value("step") == "review")


@router.post("/bookings")
async def add_booking(visit: Visiting) -> Response:
    """Save the booking; with ``act=issue`` confirm it and issue the first bill.

    Both acts carry keys made from the form's own, so sending the form twice does it once (I).
    """
    form = await visit.request.form()
    given = [(name, text) for name, text in form.multi_items() if isinstance(text, str)]
    draft = await handlers.read_draft(visit.reader, given)
    key = draft.value("idempotency_key")
    try:
        booking = await handlers.create_booking(visit.reader, draft, visit.clock.today(), key)
        if draft.value("act") == "draft":
            return visit.go(f"/bookings/{booking.id}", said="draft")
        await handlers.confirm_booking(visit.reader, booking.id, f"{key}-confirm", issue_first=True)
    except Refused as refusal:
        return await _scheme(visit, draft, reviewing=True, trouble=str(refusal))
    return visit.go(f"/bookings/{booking.id}", said="confirmed")


@router.get("/bookings/{booking_id}")
async def show_booking(visit: Visiting, booking_id: UUID) -> HTMLResponse:
    """Show a booking with its plan."""
    return await visit.show(
        "bookings/page.html", **await handlers.show_booking(visit.reader, booking_id)
    )


@router.post("/bookings/{booking_id}/confirm")
async def confirm_booking(visit: Visiting, booking_id: UUID) -> Response:
    """Confirm a draft."""
    values = await visit.values()
    issue_first = values.get("act") == "issue"
    key = values["idempotency_key"]
    await handlers.confirm_booking(visit.reader, booking_id, key, issue_first=issue_first)
    return visit.go(f"/bookings/{booking_id}", said="confirmed")


@router.post("/bookings/{booking_id}/cancel")
async def cancel_booking(visit: Visiting, booking_id: UUID) -> Response:
    """Cancel a booking."""
    values = await visit.values()
    reason, key = values.get("reason", ""), values["idempotency_key"]
    await handlers.cancel_booking(visit.reader, booking_id, reason, key)
    return visit.go(f"/bookings/{booking_id}", said="cancelled")


async def _products(visit: Visit, draft: Draft) -> HTMLResponse:
    customer = await find_customer(visit.reader, identity(draft.value("customer")))
    trouble = "Pilih sedikitnya satu produk." if draft.value("step") else ""
    return await visit.show(
        "bookings/products.html",
        draft=draft,
        customer=customer,
        products=list(draft.products.values()),
        trouble=trouble,
    )


async def _scheme(
    visit: Visit, draft: Draft, *, reviewing: bool, trouble: str = ""
) -> HTMLResponse:
    customer = await find_customer(visit.reader, identity(draft.value("customer")))
    form, schedule = await handlers.preview(visit.reader, draft, visit.clock.today())
    if trouble:
        form = Form(form.values, {"": trouble})
    ready = reviewing and schedule is not None
    template = "bookings/review.html" if ready else "bookings/scheme.html"
    if ready:
        draft = Draft(_complete(draft, form), draft.products)
    return await visit.show(
        template,
        422 if trouble else 200,
        draft=draft,
        customer=customer,
        form=form,
        schedule=schedule,
        accounts=[("", "Menurut aturan perusahaan"), *ACCOUNTS.items()],
        va_says=ACCOUNTS_SAY.get(schedule.va_mode, "") if schedule else "",
    )


def _complete(draft: Draft, form: Form) -> tuple[tuple[str, str], ...]:
    """Carry what the form suggested as if it had been typed, so the review is what is sent."""
    typed = {name for name, _ in draft.given}
    suggested = [(name, text) for name, text in form.values.items() if name not in typed]
    return (*draft.given, ("kind", draft.kind), *suggested)
