"""Products: the list and the form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from dashboard.domain import wording
from dashboard.domain.answers.base import Page
from dashboard.domain.answers.customers import Product
from dashboard.domain.forms import Form, rupiah
from dashboard.store.services import Reader

FIELDS = {"code", "name", "description", "price_idr", "kind", "active"}


async def list_products(reader: Reader, given: Mapping[str, str]) -> dict[str, Any]:
    """Show the catalogue."""
    search = given.get("search", "")
    products = await reader.get(
        "customer",
        "/products",
        Page[Product],
        search=search,
        cursor=given.get("cursor", ""),
        limit=100,
    )
    query = urlencode({"search": search, "cursor": products.next_cursor or ""})
    return {
        "products": products,
        "search": search,
        "next_address": f"/products?{query}" if products.next_cursor else "",
    }


async def products_on_sale(reader: Reader) -> list[Product]:
    """List what a booking may hold."""
    products = await reader.get("customer", "/products", Page[Product], limit=200)
    return [product for product in products.items if product.active]


async def find_product(reader: Reader, product_id: UUID) -> Product:
    """Read one product."""
    return await reader.get("customer", f"/products/{product_id}", Product)


async def add_product(reader: Reader, values: Mapping[str, str], key: str) -> Product:
    """Put a product in the catalogue."""
    return await reader.send("customer", "POST", "/products", _body(values), Product, key=key)


async def change_product(
    reader: Reader, product_id: UUID, values: Mapping[str, str], version: str
) -> Product:
    """Change a product; bookings made before keep their price."""
    path = f"/products/{product_id}"
    return await reader.send("customer", "PATCH", path, _body(values), Product, version=version)


def faults(values: Mapping[str, str]) -> dict[str, str]:
    """Name what cannot even be sent."""
    if not rupiah(values.get("price_idr", "")):
        return {"price_idr": "Harga ditulis dalam rupiah bulat, lebih dari nol."}
    return {}


def form_of(product: Product) -> Form:
    """Fill the form with what is known."""
    return Form(
        {
            "code": product.code,
            "name": product.name,
            "description": product.description or "",
            "price_idr": wording.grouped(product.price_idr),
            "kind": product.kind,
            "active": "yes" if product.active else "no",
            "version": str(product.version),
        }
    )


def _body(values: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": values.get("code", "").strip(),
        "name": values.get("name", "").strip(),
        "description": values.get("description", "").strip(),
        "price_idr": rupiah(values.get("price_idr", "")) or 0,
        "kind": values.get("kind", "one_off"),
        "active": values.get("active") == "yes",
    }
