"""Bookings: what a customer wants, until he agrees or walks away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from customer.domain.booking import (
    BookingStatus,
    Plan,
    Wanted,
    booking_number,
    check_plan,
    total_of,
)
from customer.domain.customer import CustomerInactive, CustomerStatus
from customer.domain.product import ProductNotOffered
from customer.models import Booking, BookingItem, Customer
from customer.store import bookings, customers, products
from shared import audit, numbering, outbox
from shared.contracts.customer import BookingCancelled, BookingConfirmed, BookingState, PlanTerms
from shared.database import Session
from shared.ids import new_id
from shared.money import Rupiah

PLAN: TypeAdapter[Plan] = TypeAdapter(PlanTerms)


async def draft_booking(
    session: Session, *, customer_id: UUID, wanted: Sequence[Wanted], notes: str, plan: Plan
) -> Booking:
    """Write down what the customer wants; the total is ours to compute (B3).

    Raises:
        CustomerNotFound: not there, or not his.
        CustomerInactive: he takes no new bookings.
        Invalid: a product is not offered, or the plan does not add up.
    """
    customer = await customers.hold(session, customer_id)
    if customer.status is not CustomerStatus.ACTIVE:
        raise CustomerInactive(name=customer.name)
    total = total_of(wanted)
    check_plan(plan, total, session.clock.today())
    booking_id = new_id()
    items = await _items(session, booking_id, customer, wanted)
    booking = Booking(
        id=booking_id,
        number=booking_number(await numbering.take(session, "BKG")),
        customer_id=customer.id,
        status=BookingStatus.DRAFT,
        total_idr=total.amount,
        notes=notes,
        plan=plan.model_dump(mode="json"),
        booked_by_id=session.principal.user_id,
        booked_by_name=session.principal.name,
        booked_at=session.clock.now(),
        customer=customer,
        items=items,
    )
    session.add(booking)
    _record(session, "drafted", booking, after=booking.facts())
    return booking


async def confirm_booking(session: Session, booking_id: UUID, *, issue_first: bool) -> Booking:
    """The customer agreed; invoicing makes the plan, and with ``issue_first`` the first bill.

    Raises:
        InvalidTransition: it is not a draft any more.
        Invalid: the draft is so old that its dates have passed.
    """
    booking = await bookings.get(session, booking_id)
    now = session.clock.now()
    await bookings.move_to(session, booking, BookingStatus.CONFIRMED, confirmed_at=now)
    plan = PLAN.validate_python(booking.plan)
    check_plan(plan, Rupiah(booking.total_idr), session.clock.today())
    outbox.publish(
        session, state_event(session, BookingConfirmed, booking, issue_first=issue_first)
    )
    before, after = _step(BookingStatus.DRAFT, booking)
    _record(session, "confirmed", booking, before=before, after=after)
    return booking


async def cancel_booking(session: Session, booking_id: UUID, reason: str) -> Booking:
    """Call a booking off; nobody outside has heard of a draft, so only the rest is told.

    Raises:
        InvalidTransition: it is completed, or cancelled before.
    """
    booking = await bookings.get(session, booking_id)
    previous = booking.status
    stamps = {"cancelled_at": session.clock.now(), "cancel_reason": reason}
    await bookings.move_to(session, booking, BookingStatus.CANCELLED, **stamps)
    if previous is not BookingStatus.DRAFT:
        outbox.publish(session, state_event(session, BookingCancelled, booking, reason=reason))
    before, after = _step(previous, booking)
    _record(session, "cancelled", booking, before=before, after=after, reason=reason or None)
    return booking


def state_event(
    session: Session, kind: type[BookingState], booking: Booking, **more: Any
) -> BookingState:
    """Tell the booking's present state."""
    facts = booking.facts() | more
    return kind.of(booking.version, session.clock.now(), booking.id, **facts)


async def _items(
    session: Session, booking_id: UUID, customer: Customer, wanted: Sequence[Wanted]
) -> list[BookingItem]:
    offered = await products.offered(session, (item.product_id for item in wanted))
    for position, item in enumerate(wanted):
        if item.product_id not in offered:
            raise ProductNotOffered(field=f"items.{position}.product_id")
    return [
        BookingItem(
            booking_id=booking_id,
            line_no=line_no,
            customer_id=customer.id,
            product_id=item.product_id,
            product_name=offered[item.product_id].name,
            quantity=item.quantity,
            unit_price_idr=item.unit_price_idr,
            amount_idr=item.amount_idr,
        )
        for line_no, item in enumerate(wanted, start=1)
    ]


def _step(previous: BookingStatus, booking: Booking) -> tuple[dict[str, str], dict[str, str]]:
    return {"status": str(previous)}, {"status": str(booking.status)}


def _record(session: Session, act: str, booking: Booking, **facts: Any) -> None:
    audit.record(
        session,
        action=f"booking.{act}",
        object_type="booking",
        object_id=booking.id,
        **facts,
    )
