"""``/api/v1/bookings``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt

from customer.api.people import CustomerName, Person, marketing_of, name_of
from customer.domain.booking import BookingStatus, Wanted
from customer.handlers import bookings as handlers
from customer.models import Booking
from customer.store import bookings as store
from customer.store.bookings import BookingQuery
from shared.contracts.customer import PlanTerms
from shared.money import PositiveIdr
from shared.paging import Page
from shared.text import Paragraph, Reason
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class NewItem(BaseModel):
    """One product at the agreed price."""

    model_config = ConfigDict(extra="forbid")

    product_id: UUID
    quantity: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    unit_price_idr: PositiveIdr


class NewBooking(BaseModel):
    """What the customer wants and how he will pay; the total is computed."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID
    items: Annotated[list[NewItem], Field(min_length=1, max_length=100)]
    notes: Paragraph = ""
    plan: PlanTerms


class ConfirmBooking(BaseModel):
    """With ``issue_first`` the first bill is issued with the plan."""

    model_config = ConfigDict(extra="forbid")

    issue_first: StrictBool = False


class CancelBooking(BaseModel):
    """Why the booking is off, when there is something to say."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason | None = None


class ItemView(BaseModel):
    """One product on a booking."""

    product_id: UUID
    product_name: str
    quantity: int
    unit_price_idr: int
    amount_idr: int


class BookingView(BaseModel):
    """A booking as it is shown."""

    id: UUID
    number: str
    status: BookingStatus
    customer: CustomerName
    marketing: Person
    items: list[ItemView]
    total_idr: int
    notes: str
    plan: PlanTerms
    booked_by: Person
    booked_at: datetime
    confirmed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    version: int


class BookingTotals(BaseModel):
    """The sum of the whole filter; what was called off is no money."""

    total_idr: int


class BookingPage(Page[BookingView]):
    """One page, with the sum of the filter and how many each status has."""

    totals: BookingTotals
    views: dict[str, int]


@router.get("/api/v1/bookings")
async def list_bookings(
    wanted: Annotated[BookingQuery, Query()], session: Transaction
) -> BookingPage:
    """List bookings; ``search`` finds number, product, exact total, and whom his list finds."""
    found = (await store.find(session, wanted)).page(view)
    sums = await store.sums(session, wanted)
    totals = BookingTotals(total_idr=sums.total_idr)
    return BookingPage(**dict(found), totals=totals, views=sums.views)


@router.post("/api/v1/bookings", status_code=201)
async def draft_booking(body: NewBooking, session: Transaction) -> BookingView:
    """Write down what a customer wants."""
    booking = await handlers.draft_booking(
        session,
        customer_id=body.customer_id,
        wanted=[Wanted(**item.model_dump()) for item in body.items],
        notes=body.notes,
        plan=body.plan,
    )
    return view(booking)


@router.get("/api/v1/bookings/{booking_id}")
async def read_booking(booking_id: UUID, session: Transaction) -> BookingView:
    """Read one booking."""
    return view(await store.get(session, booking_id))


@router.post("/api/v1/bookings/{booking_id}/confirm")
async def confirm_booking(
    booking_id: UUID, session: Transaction, body: ConfirmBooking | None = None
) -> BookingView:
    """Confirm a draft: the customer agreed."""
    issue_first = body is not None and body.issue_first
    return view(await handlers.confirm_booking(session, booking_id, issue_first=issue_first))


@router.post("/api/v1/bookings/{booking_id}/cancel")
async def cancel_booking(
    booking_id: UUID, session: Transaction, body: CancelBooking | None = None
) -> BookingView:
    """Call a booking off."""
    reason = (body and body.reason) or ""
    return view(await handlers.cancel_booking(session, booking_id, reason))


def view(booking: Booking) -> BookingView:
    """Shape a booking for the answer."""
    customer = booking.customer
    return BookingView(
        **booking.model_dump(exclude={"customer_id", "booked_by_id", "booked_by_name"}),
        customer=name_of(customer),
        marketing=marketing_of(customer),
        items=[ItemView(**item.model_dump()) for item in booking.items],
        booked_by=Person(id=booking.booked_by_id, name=booking.booked_by_name),
    )
