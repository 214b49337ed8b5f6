"""Finding what the rows of an import are about, many at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import or_
from sqlmodel import col, select

from customer.domain.booking import BookingStatus
from customer.domain.imports.life import ImportState, Verdict
from customer.models import Booking, BookingItem, ChangeRequest, Customer, Import, ImportRow, User
from customer.models import Product as ProductModel
from shared.database import Session


async def customers(
    session: Session, numbers: Collection[str], phones: Collection[str]
) -> Sequence[Customer]:
    """List customers with one of the numbers or phones, oldest first."""
    query = (
        select(Customer)
        .where(or_(col(Customer.number).in_(numbers), col(Customer.phone).in_(phones)))
        .order_by(col(Customer.id))
    )
    return (await session.exec(query)).all()


async def products(session: Session, codes: Collection[str]) -> Sequence[ProductModel]:
    """List products with one of the codes."""
    query = select(ProductModel).where(col(ProductModel.code).in_(codes))
    return (await session.exec(query)).all()


async def has_phone(session: Session, phone: str) -> bool:
    """Tell whether any customer has this phone."""
    query = select(Customer.id).where(Customer.phone == phone).limit(1)
    return (await session.exec(query)).first() is not None


async def marketing(session: Session) -> dict[str, list[str]]:
    """Give the active Marketing: ids by name."""
    query = select(User).where(User.role == "marketing", col(User.disabled).is_(False))
    found: dict[str, list[str]] = {}
    for user in (await session.exec(query)).all():
        found.setdefault(user.name, []).append(str(user.id))
    return found


async def retracted(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Give those that an import brought which was taken back."""
    query = (
        select(ImportRow.object_id)
        .join(Import, col(Import.id) == ImportRow.import_id)
        .where(
            col(ImportRow.object_id).in_(ids),
            ImportRow.verdict == Verdict.NEW,
            Import.state == ImportState.UNDONE,
        )
    )
    return {found for found in (await session.exec(query)).all() if found is not None}


async def bookings_of(session: Session, customer_ids: Collection[UUID]) -> Sequence[Booking]:
    """List the bookings of customers that are not called off, oldest first."""
    query = (
        select(Booking)
        .where(
            col(Booking.customer_id).in_(customer_ids),
            col(Booking.status) != BookingStatus.CANCELLED,
        )
        .order_by(col(Booking.id))
    )
    return (await session.exec(query)).all()


async def used_bookings(session: Session, import_id: UUID) -> dict[UUID, str]:
    """Name the bookings of an import that are no untouched drafts any more."""
    query = (
        select(Booking)
        .join(ImportRow, col(ImportRow.object_id) == Booking.id)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.state == "written",
            or_(
                col(Booking.version) != ImportRow.object_version,
                col(Booking.status) != BookingStatus.DRAFT,
            ),
        )
        .order_by(col(Booking.id))
    )
    return {found.id: found.number for found in (await session.exec(query)).all()}


async def lock_customers(session: Session, import_id: UUID) -> None:
    """Let nobody book for the customers of an import until the transaction ends."""
    query = select(Customer.id).where(col(Customer.id).in_(_brought_by(import_id)))
    await session.exec(query.order_by(col(Customer.id)).with_for_update())


async def lock_products(session: Session, import_id: UUID) -> None:
    """Let nobody book the products of an import until the transaction ends."""
    query = select(ProductModel.id).where(col(ProductModel.id).in_(_brought_by(import_id)))
    await session.exec(query.order_by(col(ProductModel.id)).with_for_update())


async def lock_bookings(session: Session, import_id: UUID) -> None:
    """Let nobody confirm the bookings of an import until the transaction ends."""
    query = select(Booking.id).where(col(Booking.id).in_(_brought_by(import_id)))
    await session.exec(query.order_by(col(Booking.id)).with_for_update())


def _brought_by(import_id: UUID) -> Any:
    return select(ImportRow.object_id).where(
        ImportRow.import_id == import_id, ImportRow.state == "written"
    )


async def used_customers(session: Session, import_id: UUID) -> dict[UUID, str]:
    """Name the customers of an import who changed since, and new ones with a booking or request."""
    booked = select(Booking.id).where(Booking.customer_id == Customer.id).exists()
    asked = select(ChangeRequest.id).where(ChangeRequest.customer_id == Customer.id).exists()
    query = (
        select(Customer)
        .join(ImportRow, col(ImportRow.object_id) == Customer.id)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.state == "written",
            or_(
                col(Customer.version) != ImportRow.object_version,
                (col(ImportRow.verdict) == Verdict.NEW) & (booked | asked),
            ),
        )
        .order_by(col(Customer.id))
    )
    return {found.id: found.name for found in (await session.exec(query)).all()}


async def used_products(session: Session, import_id: UUID) -> dict[UUID, str]:
    """Name the products of an import that changed since, and new ones that were booked."""
    booked = select(BookingItem.line_no).where(BookingItem.product_id == ProductModel.id).exists()
    query = (
        select(ProductModel)
        .join(ImportRow, col(ImportRow.object_id) == ProductModel.id)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.state == "written",
            or_(
                col(ProductModel.version) != ImportRow.object_version,
                (col(ImportRow.verdict) == Verdict.NEW) & booked,
            ),
        )
        .order_by(col(ProductModel.id))
    )
    return {found.id: found.name for found in (await session.exec(query)).all()}
