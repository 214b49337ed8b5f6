"""What belongs to a customer or a booking, for the story of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from customer.domain.change_request import About
from customer.models import Booking, ChangeRequest, Customer
from shared.activities import Ids, Subject


def belonging(subject: Subject) -> Mapping[str, Ids]:
    """Give the queries for the objects of a subject."""
    if subject.customer_id:
        return {
            "customer": select(Customer.id).where(Customer.id == subject.customer_id),
            "booking": select(Booking.id).where(Booking.customer_id == subject.customer_id),
            "change_request": select(ChangeRequest.id).where(
                ChangeRequest.customer_id == subject.customer_id
            ),
        }
    about = subject.booking_id or subject.invoice_id
    if about is None:
        return {}
    asked = select(ChangeRequest.id).where(
        ChangeRequest.about_id == about, col(ChangeRequest.about) != About.CUSTOMER
    )
    booked = select(Booking.id).where(Booking.id == about)
    return {"change_request": asked, "booking": booked}
