"""Queries about the message log."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select

from notification.models import Customer, Message
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first

_KEY = ["template", "object_id", "recipient", "purpose"]


class MessageQuery(ListQuery):
    """The filters of the message log."""

    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None


async def open_once(session: Session, message: Message) -> Message:
    """Log a message, or count one more opening of the same, with its words of now (I, K1)."""
    first = insert(Message).values(**message.model_dump())
    again = first.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "opened_count": col(Message.opened_count) + 1,
            "opened_at": first.excluded.opened_at,
            "text": first.excluded.text,
        },
    ).returning(Message)
    return (await session.execute(again)).scalar_one()


async def find(session: Session, wanted: MessageQuery) -> Found[Message]:
    """List messages, newest first; words are looked for in name, number and text."""
    query = select(Message).join(Customer, col(Customer.id) == Message.customer_id)
    for name in ("customer_id", "invoice_id", "payment_id"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(Message, name) == value)
    if wanted.search:
        places = (col(Customer.name), col(Message.recipient), col(Message.text))
        query = query.where(or_(*(p.icontains(wanted.search, autoescape=True) for p in places)))
    return await newest_first(session, query, Message.id, wanted)
