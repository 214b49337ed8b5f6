"""Telling everything again to a read model that is new (architecture, section 3)."""

from __future__ import annotations

from collections.abc import AsyncIterator

from customer.handlers import bookings, customers, products
from customer.models import Booking, Customer, Product
from customer.store.everything import every
from shared.contracts.customer import BookingCancelled, BookingConfirmed, CustomerChanged
from shared.database import Session
from shared.events import Event


async def republish(session: Session) -> AsyncIterator[Event]:
    """Yield the present state of everything that others know of, prerequisites first.

    The versions are the present ones, so a listener that is up to date ignores all of it (E5).
    """
    async for product in every(session, Product):
        yield products.state_event(session, product)
    async for customer in every(session, Customer):
        yield customers.state_event(session, CustomerChanged, customer)
    async for booking in every(session, Booking):
        if booking.cancelled_at is None and booking.confirmed_at is not None:
            yield bookings.state_event(session, BookingConfirmed, booking)
        elif booking.confirmed_at is not None:
            reason = booking.cancel_reason or ""
            yield bookings.state_event(session, BookingCancelled, booking, reason=reason)
