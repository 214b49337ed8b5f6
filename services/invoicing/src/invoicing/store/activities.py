"""What belongs to a customer, a booking or a bill, for the story of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import select

from invoicing.models import Invoice, Plan
from shared.activities import Ids, Subject


def belonging(subject: Subject) -> Mapping[str, Ids]:
    """Give the queries for the objects of a subject."""
    if subject.customer_id:
        return {
            "plan": select(Plan.id).where(Plan.customer_id == subject.customer_id),
            "invoice": select(Invoice.id).where(Invoice.customer_id == subject.customer_id),
        }
    if subject.booking_id:
        return {
            "plan": select(Plan.id).where(Plan.booking_id == subject.booking_id),
            "invoice": select(Invoice.id).where(Invoice.booking_id == subject.booking_id),
        }
    if subject.invoice_id:
        return {"invoice": select(Invoice.id).where(Invoice.id == subject.invoice_id)}
    return {}
