"""``/api/v1/products``."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StrictBool, StringConstraints

from customer.domain.product import CODE_PATTERN, ProductKind
from customer.handlers import products as handlers
from customer.models import Product
from customer.store import products as store
from customer.store.products import ProductQuery
from shared.money import PositiveIdr
from shared.paging import Page
from shared.text import Line, Paragraph
from shared.web import IfMatch, ServiceRouter, Transaction

router = ServiceRouter()

Code = Annotated[str, StringConstraints(pattern=CODE_PATTERN)]


class NewProduct(BaseModel):
    """What is needed to offer a product."""

    model_config = ConfigDict(extra="forbid")

    code: Code
    name: Line
    description: Paragraph = ""
    price_idr: PositiveIdr
    kind: ProductKind
    active: StrictBool = True


class ProductEdit(BaseModel):
    """The fields to change; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    code: Code = ""
    name: Line = ""
    description: Paragraph = ""
    price_idr: PositiveIdr = 0
    kind: ProductKind = ProductKind.ONE_OFF
    active: StrictBool = True


class ProductView(BaseModel):
    """A product as it is shown."""

    id: UUID
    code: str
    name: str
    description: str
    price_idr: int
    kind: ProductKind
    active: bool
    version: int


@router.get("/api/v1/products")
async def list_products(
    wanted: Annotated[ProductQuery, Query()], session: Transaction
) -> Page[ProductView]:
    """List products; ``active=true`` gives those that can be booked."""
    return (await store.find(session, wanted)).page(view)


@router.post("/api/v1/products", status_code=201)
async def add_product(body: NewProduct, session: Transaction) -> ProductView:
    """Put a product into the catalogue."""
    return view(await handlers.add_product(session, **body.model_dump()))


@router.get("/api/v1/products/{product_id}")
async def read_product(product_id: UUID, session: Transaction) -> ProductView:
    """Read one product."""
    return view(await store.get(session, product_id))


@router.patch("/api/v1/products/{product_id}")
async def edit_product(
    product_id: UUID, body: ProductEdit, version: IfMatch, session: Transaction
) -> ProductView:
    """Change fields of a product."""
    changes = body.model_dump(exclude_unset=True)
    return view(await handlers.edit_product(session, product_id, changes, version))


def view(product: Product) -> ProductView:
    """Shape a product for the answer."""
    return ProductView(**product.model_dump())
