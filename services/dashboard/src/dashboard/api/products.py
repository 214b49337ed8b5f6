"""Pages of products."""

from __future__ import annotations

from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PageRouter, Visit, Visiting
from dashboard.domain.forms import Form, refused
from dashboard.domain.refusals import Outdated, Refused
from dashboard.handlers import products as handlers

router = PageRouter()


@router.get("/products")
async def list_products(visit: Visiting) -> HTMLResponse:
    """Show the catalogue."""
    shown = await handlers.list_products(visit.reader, visit.query)
    return await visit.show("products/list.html", **shown)


@router.get("/products/new")
async def new_product(visit: Visiting) -> HTMLResponse:
    """Show the empty form."""
    return await _form(visit, Form())


@router.post("/products")
async def add_product(visit: Visiting) -> Response:
    """Put a product in the catalogue."""
    values = _checked(await visit.values())
    if found := handlers.faults(values):
        return await _form(visit, Form(values, found), 422)
    try:
        await handlers.add_product(visit.reader, values, values["idempotency_key"])
    except Refused as refusal:
        return await _form(visit, refused(values, refusal, handlers.FIELDS), 422)
    return visit.go("/products", said="product")


@router.get("/products/{product_id}/edit")
async def edit_product(visit: Visiting, product_id: UUID) -> HTMLResponse:
    """Show the filled form."""
    product = await handlers.find_product(visit.reader, product_id)
    return await _form(visit, handlers.form_of(product), product_id=product_id)


@router.post("/products/{product_id}/edit")
async def change_product(visit: Visiting, product_id: UUID) -> Response:
    """Save; bookings made before keep their price."""
    values = _checked(await visit.values())
    if found := handlers.faults(values):
        return await _form(visit, Form(values, found), 422, product_id)
    version = values.get("version", "")
    try:
        await handlers.change_product(visit.reader, product_id, values, version)
    except Outdated as outdated:
        newest = await handlers.find_product(visit.reader, product_id)
        again = Form(values | {"version": str(newest.version)}, {"": str(outdated)})
        return await _form(visit, again, 412, product_id)
    except Refused as refusal:
        return await _form(visit, refused(values, refusal, handlers.FIELDS), 422, product_id)
    return visit.go("/products", said="product")


async def _form(
    visit: Visit, form: Form, code: int = 200, product_id: UUID | None = None
) -> HTMLResponse:
    product = await handlers.find_product(visit.reader, product_id) if product_id else None
    action = f"/products/{product_id}/edit" if product_id else "/products"
    return await visit.show("products/form.html", code, form=form, product=product, action=action)


def _checked(values: dict[str, str]) -> dict[str, str]:
    """A box that is not ticked is not sent at all."""
    return {"active": "no", **values}
