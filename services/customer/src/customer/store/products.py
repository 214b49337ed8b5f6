"""Queries about the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import or_
from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from customer.domain.product import ProductCodeTaken, ProductKind, ProductNotFound
from customer.models import Product
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first


class ProductQuery(ListQuery):
    """The filters of the list of products."""

    active: bool | None = None
    kind: ProductKind | None = None


async def get(session: Session, product_id: UUID) -> Product:
    """Read one product.

    Raises:
        ProductNotFound: there is none.
    """
    product = await session.get(Product, product_id)
    if product is None:
        raise ProductNotFound
    return product


async def lock(session: Session, product_id: UUID) -> Product:
    """Read one product for a change.

    Raises:
        ProductNotFound: there is none.
    """
    query = select(Product).where(Product.id == product_id).with_for_update()
    product = (await session.exec(query)).first()
    if product is None:
        raise ProductNotFound
    return product


async def save(session: Session, product: Product) -> None:
    """Write a new or changed product now, because its code must be the only one (K1).

    Raises:
        ProductCodeTaken: another product has the code.
    """
    code = product.code  # after a failed flush the product cannot be asked any more
    session.add(product)
    try:
        await session.flush()
    except IntegrityError as error:
        raise ProductCodeTaken(code=code, field="code") from error


async def offered(session: Session, ids: Iterable[UUID]) -> dict[UUID, Product]:
    """Read those of the products that are sold now, and stay so until the transaction ends."""
    query = (
        select(Product)
        .where(col(Product.id).in_(set(ids)), col(Product.active).is_(True))
        .order_by(col(Product.id))
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return {product.id: product for product in (await session.exec(query)).all()}


async def find(session: Session, wanted: ProductQuery) -> Found[Product]:
    """List products, newest first."""
    query = select(Product)
    if wanted.active is not None:
        query = query.where(col(Product.active).is_(wanted.active))
    if wanted.kind:
        query = query.where(Product.kind == wanted.kind)
    if wanted.search:
        names = (col(Product.name), col(Product.code))
        query = query.where(or_(*(n.icontains(wanted.search, autoescape=True) for n in names)))
    return await newest_first(session, query, Product.id, wanted)
