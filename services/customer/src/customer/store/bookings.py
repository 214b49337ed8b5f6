"""Queries about bookings."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, or_, update
from sqlmodel import col, select

from customer.domain.booking import BookingNotFound, BookingStatus, move
from customer.models import Booking, Customer
from customer.store.customers import matches
from shared.database import Session
from shared.errors import InvalidTransition
from shared.paging import Found, ListQuery, newest_first


class BookingQuery(ListQuery):
    """The filters of the list of bookings."""

    customer_id: UUID | None = None
    marketing_id: UUID | None = None
    status: BookingStatus | None = None


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
    """List bookings, newest first."""
    query = select(Booking).join(Customer, col(Customer.id) == Booking.customer_id)
    if wanted.customer_id:
        query = query.where(Booking.customer_id == wanted.customer_id)
    if wanted.marketing_id:
        query = query.where(Customer.marketing_id == wanted.marketing_id)
    if wanted.status:
        query = query.where(Booking.status == wanted.status)
    if wanted.search:
        number = col(Booking.number).icontains(wanted.search, autoescape=True)
        query = query.where(or_(number, matches(wanted.search)))
    return await newest_first(session, query, Booking.id, wanted)
