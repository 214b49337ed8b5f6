"""Rows that are products: found by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from customer.domain.imports.rows import Known, Match, Reading
from customer.domain.product import ProductKind
from customer.handlers.products import add_product, edit_product
from customer.models import Product
from customer.store import import_matches
from shared.database import Session


async def find(session: Session, readings: Sequence[Reading]) -> list[Match]:
    """Find the product of each row."""
    codes = {str(reading.values.get("code", "")) for reading in readings}
    offered = {each.code: each for each in await import_matches.products(session, codes)}
    ids = [each.id for each in offered.values()]
    retracted = await import_matches.retracted(session, ids)
    found = []
    for reading in readings:
        product = offered.get(str(reading.values.get("code", "")))
        is_back = product is not None and product.id in retracted and not product.active
        added = {"active": True} if is_back else {}
        found.append(Match(_known(product) if product else None, added=added))
    return found


def _known(product: Product) -> Known:
    values = {
        "code": product.code,
        "name": product.name,
        "price_idr": product.price_idr,
        "kind": str(product.kind),
        "description": product.description,
        "active": product.active,
    }
    return Known(product.id, product.code, product.version, values)


async def add(session: Session, fields: Mapping[str, Any]) -> tuple[UUID, int]:
    """Put the product of a row into the catalogue.

    Raises:
        ProductCodeTaken: it is there by now.
    """
    product = await add_product(
        session,
        code=fields["code"],
        name=fields["name"],
        description=fields.get("description", ""),
        price_idr=fields["price_idr"],
        kind=ProductKind(fields["kind"]),
        active=fields.get("active", True),
    )
    return product.id, product.version


async def change(
    session: Session, product_id: UUID, changes: Mapping[str, Any], version: int, _reason: str
) -> int:
    """Change fields of a product; bookings keep what was agreed.

    Raises:
        VersionStale: somebody changed it meanwhile.
    """
    wanted = dict(changes)
    if "kind" in wanted:
        wanted["kind"] = ProductKind(wanted["kind"])
    return (await edit_product(session, product_id, wanted, version)).version
