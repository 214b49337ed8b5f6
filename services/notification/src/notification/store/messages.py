"""Queries about the message log."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import case, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from notification.domain.delivery import State
from notification.domain.ladder import Channel
from notification.domain.message import SETTLED, MessageNotFound, Template
from notification.models import Customer, Invoice, Message
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first

_KEY = ["template", "object_id", "recipient", "purpose"]
_ASKING = (Template.INVOICE, Template.REMINDER)


class MessageQuery(ListQuery):
    """The filters of the message log."""

    customer_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    state: State | None = None
    channel: Channel | None = None
    kind: Template | None = None


async def open_once(session: Session, message: Message) -> Message:
    """Log a message, or count one more opening of the same, with its words of now (I, K1)."""
    first = insert(Message).values(**message.model_dump())
    by_hand = col(Message.channel) == Channel.WHATSAPP_LINK
    again = first.on_conflict_do_update(
        index_elements=_KEY,
        set_={
            "opened_count": col(Message.opened_count) + 1,
            "opened_at": first.excluded.opened_at,
            "text": first.excluded.text,
            "state": case((by_hand, State.OPENED), else_=col(Message.state)),
        },
    ).returning(Message)
    return (await session.execute(again)).scalar_one()


async def queue_once(session: Session, message: Message) -> bool:
    """Queue a message, unless it was ever written for this purpose (I)."""
    first = insert(Message).values(**message.model_dump()).on_conflict_do_nothing()
    return (await session.execute(first.returning(col(Message.id)))).first() is not None


async def lock(session: Session, message_id: UUID) -> Message:
    """Read a message for a change.

    Raises:
        MessageNotFound: there is none in the caller's scope.
    """
    message = await session.get(Message, message_id, with_for_update=True)
    if message is None:
        raise MessageNotFound
    return message


async def get(session: Session, message_id: UUID) -> Message:
    """Read a message.

    Raises:
        MessageNotFound: there is none in the caller's scope.
    """
    message = await session.get(Message, message_id)
    if message is None:
        raise MessageNotFound
    return message


async def call_back(session: Session, invoice_id: UUID, why: str) -> list[UUID]:
    """Cancel what waits to ask for a bill; give what was cancelled."""
    waiting = update(Message).where(
        col(Message.invoice_id) == invoice_id,
        col(Message.template).in_(_ASKING),
        col(Message.state) == State.QUEUED,
    )
    cancelled = waiting.values(state=State.CANCELLED, trouble=why, due_at=None).returning(
        col(Message.id)
    )
    return list((await session.execute(cancelled)).scalars())


async def call_back_all(session: Session, customer_id: UUID, why: str) -> None:
    """Cancel everything that waits for a customer."""
    waiting = update(Message).where(
        col(Message.customer_id) == customer_id, col(Message.state) == State.QUEUED
    )
    await session.execute(waiting.values(state=State.CANCELLED, trouble=why, due_at=None))


async def settled(session: Session, message: Message) -> str | None:
    """Give the state of the bill that a message asks to pay, if nothing is owed on it any more."""
    if message.template not in _ASKING:
        return None
    query = select(Invoice.status).where(
        Invoice.id == message.invoice_id, col(Invoice.status).in_(SETTLED)
    )
    return (await session.exec(query)).first()


async def find(session: Session, wanted: MessageQuery) -> Found[Message]:
    """List messages, newest first; words are looked for in name, number and text."""
    return await newest_first(session, _filtered(wanted), Message.id, wanted)


async def next_queued(session: Session, after: UUID | None) -> Message | None:
    """Read the oldest message that waits for a person, after the one he has just had."""
    query = select(Message).where(
        Message.state == State.QUEUED, Message.channel == Channel.WHATSAPP_LINK
    )
    if after is not None:
        query = query.where(col(Message.id) > after)
    return (await session.exec(query.order_by(col(Message.id)).limit(1))).first()


async def count_states(session: Session) -> dict[str, int]:
    """Count the messages in the caller's scope by state."""
    query = select(Message.state, func.count()).group_by(col(Message.state))
    return dict((await session.exec(query)).all())


async def names_of(
    session: Session, messages: Collection[Message]
) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Read what the customers are called, and the numbers of the bills."""
    customers = select(Customer.id, Customer.name).where(
        col(Customer.id).in_({m.customer_id for m in messages})
    )
    bills = select(Invoice.id, Invoice.number).where(
        col(Invoice.id).in_({m.invoice_id for m in messages if m.invoice_id})
    )
    return dict((await session.exec(customers)).all()), dict((await session.exec(bills)).all())


def _filtered(wanted: MessageQuery) -> SelectOfScalar[Message]:
    query = select(Message).join(Customer, col(Customer.id) == Message.customer_id)
    names = ("customer_id", "invoice_id", "payment_id", "state", "channel")
    for name in names:
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(getattr(Message, name) == value)
    if wanted.kind is not None:
        query = query.where(Message.template == wanted.kind)
    if wanted.search:
        places = (col(Customer.name), col(Message.recipient), col(Message.text))
        query = query.where(or_(*(p.icontains(wanted.search, autoescape=True) for p in places)))
    return query
