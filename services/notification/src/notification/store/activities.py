"""What belongs to a customer, a bill or a payment, for the story of what happened."""

from __future__ import annotations

from collections.abc import Mapping

from sqlmodel import select

from notification.models import Message
from shared.activities import Ids, Subject


def belonging(subject: Subject) -> Mapping[str, Ids]:
    """Give the queries for the objects of a subject."""
    message = select(Message.id)
    if subject.customer_id:
        return {"message": message.where(Message.customer_id == subject.customer_id)}
    if subject.invoice_id:
        return {"message": message.where(Message.invoice_id == subject.invoice_id)}
    if subject.payment_id:
        return {"message": message.where(Message.payment_id == subject.payment_id)}
    return {}
