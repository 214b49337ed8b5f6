"""The catalogue: adding and changing products."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from customer.domain.product import ProductKind
from customer.models import Facts, Product
from customer.store import products
from shared import audit, outbox
from shared.contracts.customer import ProductChanged
from shared.database import Session
from shared.errors import VersionStale


async def add_product(
    session: Session,
    *,
    code: str,
    name: str,
    description: str,
    price_idr: int,
    kind: ProductKind,
    active: bool,
) -> Product:
    """Put a product into the catalogue.

    Raises:
        ProductCodeTaken: another product has the code.
    """
    product = Product(
        code=code,
        name=name,
        description=description,
        price_idr=price_idr,
        kind=kind,
        active=active,
    )
    await products.save(session, product)
    _announce(session, product)
    _record(session, "added", product, after=product.facts())
    return product


async def edit_product(session: Session, product_id: UUID, changes: Facts, version: int) -> Product:
    """Change fields of a product; bookings keep the name and price that were agreed.

    Raises:
        ProductNotFound: there is none.
        VersionStale: somebody else was faster (K4).
        ProductCodeTaken: another product has the code.
    """
    product = await products.lock(session, product_id)
    if version != product.version:
        raise VersionStale(version=product.version)
    differing = {f: value for f, value in changes.items() if value != getattr(product, f)}
    before = {field: getattr(product, field) for field in differing}
    if differing:
        for field, value in differing.items():
            setattr(product, field, value)
        product.version += 1
        await products.save(session, product)
        _announce(session, product)
        _record(session, "changed", product, before=before, after=differing)
    return product


def state_event(session: Session, product: Product) -> ProductChanged:
    """Tell the product's present state."""
    now = session.clock.now()
    return ProductChanged.of(product.version, now, product.id, **product.facts())


def _announce(session: Session, product: Product) -> None:
    outbox.publish(session, state_event(session, product))


def _record(session: Session, act: str, product: Product, **facts: Any) -> None:
    audit.record(
        session,
        action=f"product.{act}",
        object_type="product",
        object_id=product.id,
        **facts,
    )
