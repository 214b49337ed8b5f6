"""What belongs to a customer, a bill or a payment, for the story of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import col, select

from reconciliation.models import Allocation, Payment
from shared.activities import Ids, Subject


def belonging(subject: Subject) -> Mapping[str, Ids]:
    """Give the queries for the objects of a subject."""
    payment = select(Payment.id)
    if subject.customer_id:
        return {"payment": payment.where(Payment.customer_id == subject.customer_id)}
    if subject.invoice_id:
        paying = select(Allocation.payment_id).where(Allocation.invoice_id == subject.invoice_id)
        return {"payment": payment.where(col(Payment.id).in_(paying))}
    if subject.payment_id:
        return {"payment": payment.where(Payment.id == subject.payment_id)}
    return {}
