"""Pages of customers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.lists import CUSTOMERS
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import activities, people, recents
from dashboard.handlers import customers as handlers
from shared.errors import Unavailable

router = PageRouter()


@router.get("/customers")
async def list_customers(visit: Visiting) -> HTMLResponse:
    """List customers with their figures."""
    shown = await handlers.list_customers(visit.reader, await visit.listing(CUSTOMERS))
    return await visit.show("customers/list.html", **shown)


@router.get("/customers/new")
async def new_customer(visit: Visiting) -> HTMLResponse:
    """Show the empty form."""
    return await _form(visit, Form())


@router.post("/customers")
async def add_customer(visit: Visiting) -> Response:
    """Register a customer; a phone that is known is said once before."""
    values = await visit.values()
    try:
        twin = await handlers.twin_of(visit.reader, values)
        if twin is not None:
            seen = values | {"seen_phone": values["phone"]}
            return await _form(visit, Form(seen, duplicate=twin), 422)
        added = await handlers.add_customer(visit.reader, values, values["idempotency_key"])
    except Refused as refusal:
        return await _form(visit, refused(values, refusal, handlers.FIELDS), 422)
    except Unavailable as away:
        return await _form(visit, _kept(values, away), 503)
    if values.get("next") == "booking":
        return visit.go("/bookings/new", customer=str(added.id))
    return visit.go(f"/customers/{added.id}", said="customer")


@router.get("/customers/{customer_id}")
async def show_customer(visit: Visiting, customer_id: UUID, show: str = "") -> HTMLResponse:
    """Show a customer, with his bills."""
    return await _customer(visit, customer_id, "bills", show)


@router.get("/customers/{customer_id}/info")
async def show_info(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show a customer, with everything about him."""
    return await _customer(visit, customer_id, "info")


@router.get("/customers/{customer_id}/payments")
async def show_payments(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show a customer, with his payments."""
    return await _customer(visit, customer_id, "payments")


@router.get("/customers/{customer_id}/bills")
async def show_bills(visit: Visiting, customer_id: UUID, show: str = "") -> HTMLResponse:
    """Show a customer, with his bills."""
    return await _customer(visit, customer_id, "bills", show)


@router.get("/customers/{customer_id}/products")
async def show_products(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show a customer, with what he booked."""
    return await _customer(visit, customer_id, "products")


@router.get("/customers/{customer_id}/activity")
async def show_activity(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show a customer, with all that happened."""
    path, subject = f"/customers/{customer_id}/activity", {"customer_id": str(customer_id)}
    stream = await activities.stream(visit.reader, subject, visit.query, path)
    query = visit.request.url.query
    return await _customer(visit, customer_id, "activity", query=query, stream=stream)


@router.get("/customers/{customer_id}/edit")
async def edit_customer(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show the filled form."""
    customer = await handlers.find_customer(visit.reader, customer_id)
    return await _form(visit, handlers.form_of(customer), customer_id=customer_id)


@router.post("/customers/{customer_id}/edit")
async def change_customer(visit: Visiting, customer_id: UUID) -> Response:
    """Save; when somebody else was first, what was typed stays and can be sent again."""
    values = await visit.values()
    version = values.get("version", "")
    try:
        await handlers.change_customer(visit.reader, customer_id, values, version)
    except Outdated as outdated:
        newest = await handlers.find_customer(visit.reader, customer_id)
        again = Form(values | {"version": str(newest.version)}, {"": str(outdated)})
        return await _form(visit, again, 412, customer_id)
    except Refused as refusal:
        form = refused(values, refusal, handlers.FIELDS)
        return await _form(visit, form, 422, customer_id)
    return visit.go(f"/customers/{customer_id}/info", said="changed")


@router.get("/customers/{customer_id}/reassign")
async def ask_reassign(visit: Visiting, customer_id: UUID) -> HTMLResponse:
    """Show to whom he can be given."""
    return await _reassign(visit, customer_id, Form())


@router.post("/customers/{customer_id}/reassign")
async def reassign(visit: Visiting, customer_id: UUID) -> Response:
    """Give the customer to another Marketing."""
    values = await visit.values()
    try:
        await handlers.reassign_customer(visit.reader, customer_id, values)
    except Refused as refusal:
        form = refused(values, refusal, {"marketing_id", "reason"})
        return await _reassign(visit, customer_id, form, 422)
    return visit.go(f"/customers/{customer_id}", said="moved")


async def _customer(
    visit: Visit, customer_id: UUID, tab: str, show: str = "", query: str = "", **more: Any
) -> HTMLResponse:
    today = visit.clock.today()
    shown = await handlers.show_customer(visit.reader, customer_id, today, show)
    query = f"show={shown['show']}" if shown["show"] else query
    path = f"/{tab}?{query}" if query else f"/{tab}"
    await recents.note(visit.sessions, visit.principal, "customer", customer_id)
    return await visit.show("customers/page.html", tab=tab, tab_path=path, **shown, **more)


async def _form(
    visit: Visit, form: Form, code: int = 200, customer_id: UUID | None = None
) -> HTMLResponse:
    customer = await handlers.find_customer(visit.reader, customer_id) if customer_id else None
    found = await people.sellers_if_any(visit.reader, wanted=visit.may("customers.reassign"))
    return await visit.show(
        "customers/form.html",
        code,
        form=form,
        customer=customer,
        sellers=[(str(one.id), one.name) for one in found],
        action=f"/customers/{customer_id}/edit" if customer_id else "/customers",
        next=form.values.get("next") or visit.query.get("next", ""),
    )


async def _reassign(visit: Visit, customer_id: UUID, form: Form, code: int = 200) -> HTMLResponse:
    customer = await handlers.find_customer(visit.reader, customer_id)
    present = customer.marketing.id if customer.marketing else None
    found = [one for one in await people.sellers(visit.reader) if one.id != present]
    options = [(str(one.id), one.name) for one in found]
    return await visit.show(
        "customers/reassign.html", code, form=form, customer=customer, sellers=options
    )


def _kept(values: dict[str, str], away: Unavailable) -> Form:
    """Keep the key: whether the first try arrived is not known."""
    return Form(values, {"": str(away)}, values["idempotency_key"])
