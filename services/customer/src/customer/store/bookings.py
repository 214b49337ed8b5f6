"""Queries about bookings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, func, or_, update
from sqlmodel import col, select

from customer.domain.booking import BookingNotFound, BookingStatus, move
from customer.models import Booking, BookingItem, Customer
from customer.store.customers import matches
from shared.database import Session
from shared.errors import InvalidTransition
from shared.money import amount_sought
from shared.paging import Found, ListQuery, Order, newest_first, read_amount

Sort = Literal["id", "-id", "total_idr", "-total_idr"]
_SORTED: dict[str, tuple[Any, Any]] = {
    "id": (col(Booking.id), UUID),
    "total_idr": (col(Booking.total_idr), read_amount),
}


class BookingQuery(ListQuery):
    """The filters of the list of bookings."""

    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    status: BookingStatus | None = None
    sort: Sort = "-id"


@dataclass(frozen=True, slots=True)
class BookingSums:
    """Bookings of each status under the other conditions, and the sum of the whole filter."""

    views: dict[str, int]
    total_idr: int


async def get(session: Session, booking_id: UUID) -> Booking:
    """Read one booking.

    Raises:
        BookingNotFound: there is none in the caller's scope.
    """
    booking = await session.get(Booking, booking_id)
    if booking is None:
        raise BookingNotFound
    return booking


async def move_to(session: Session, booking: Booking, target: BookingStatus, **stamps: Any) -> None:
    """Take a step, only from the state that was read (S).

    Raises:
        InvalidTransition: the step does not exist, or somebody took another one meanwhile.
    """
    current = booking.status
    step = (
        update(Booking)
        .where(col(Booking.id) == booking.id, col(Booking.status) == current)
        .values(status=move(current, target), version=col(Booking.version) + 1, **stamps)
        .execution_options(synchronize_session=False)
    )
    if not cast(CursorResult[Any], await session.execute(step)).rowcount:
        await session.refresh(booking, ["status"])
        raise InvalidTransition(current=str(booking.status), target=str(target))
    await session.refresh(booking, ["status", "version", *stamps])


async def find(session: Session, wanted: BookingQuery) -> Found[Booking]:
    """List bookings, newest first or as asked."""
    query = select(Booking).join(Customer, col(Customer.id) == Booking.customer_id)
    query = query.where(*_base(wanted), *_of_status(wanted))
    order = Order.of(wanted.sort, _SORTED)
    return await newest_first(session, query, Booking.id, wanted, order)


async def sums(session: Session, wanted: BookingQuery) -> BookingSums:
    """Count the tabs of the list and add the filter up; what was called off is no money."""
    live = col(Booking.status) != BookingStatus.CANCELLED
    counted: Any = (
        select(Booking.status, func.count(), func.sum(Booking.total_idr).filter(live))
        .join(Customer, col(Customer.id) == Booking.customer_id)
        .where(*_base(wanted))
        .group_by(col(Booking.status))
    )
    found = (await session.execute(counted)).all()
    views = {str(status): count for status, count, _ in found}
    total = sum(int(amount or 0) for status, _, amount in found if wanted.status in {None, status})
    every = {str(status): views.get(str(status), 0) for status in BookingStatus}
    return BookingSums(every | {"all": sum(every.values())}, total)


def _base(wanted: BookingQuery) -> list[Any]:
    """Everything but the tab."""
    conditions: list[Any] = []
    if wanted.customer_id:
        conditions.append(Booking.customer_id == wanted.customer_id)
    if wanted.marketing_id:
        conditions.append(Customer.marketing_id == wanted.marketing_id)
    if wanted.search:
        conditions.append(_found(wanted.search))
    return conditions


def _of_status(wanted: BookingQuery) -> list[Any]:
    return [Booking.status == wanted.status] if wanted.status else []


def _found(search: str) -> ColumnElement[bool]:
    """Find the number, the customer, a product on it, or the exact total."""
    product = select(BookingItem.booking_id).where(
        col(BookingItem.product_name).icontains(search, autoescape=True)
    )
    places: list[Any] = [
        col(Booking.number).icontains(search, autoescape=True),
        matches(search),
        col(Booking.id).in_(product),
    ]
    if (amount := amount_sought(search)) is not None:
        places.append(col(Booking.total_idr) == amount)
    return or_(*places)
