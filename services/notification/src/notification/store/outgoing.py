"""Queries about messages that the system sends: due rows are leased, none is sent twice (K3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_
from sqlmodel import col, select

from notification.domain.delivery import State
from notification.domain.news import News
from notification.models import Message
from shared.database import Session

LEASE = timedelta(seconds=120)
"""Longer than any carrier may take; what is still leased after it has an unknown outcome."""


async def next_due(session: Session) -> tuple[UUID, UUID | None] | None:
    """Name the most overdue message, and the bill that it asks for."""
    query = (
        select(Message.id, Message.invoice_id)
        .where(Message.state == State.QUEUED, col(Message.due_at) <= session.clock.now())
        .order_by(col(Message.due_at))
        .limit(1)
    )
    found = (await session.exec(query)).first()
    return (found[0], found[1]) if found else None


async def lock_due(session: Session, message_id: UUID) -> Message | None:
    """Lock a message for sending; None when somebody else has it, or it was called back."""
    query = (
        select(Message)
        .where(
            Message.id == message_id,
            Message.state == State.QUEUED,
            col(Message.due_at) <= session.clock.now(),
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).first()


async def lock_leased(session: Session, message_id: UUID, leased_until: datetime) -> Message | None:
    """Lock a message that is being sent; None when the lease ran out, or news came first."""
    message = await session.get(Message, message_id, with_for_update=True)
    is_ours = message is not None and message.leased_until == leased_until
    return message if is_ours else None


async def abandoned(session: Session) -> list[Message]:
    """Lock messages whose sender died while they were on their way."""
    query = (
        select(Message)
        .where(col(Message.leased_until) <= session.clock.now())
        .with_for_update(skip_locked=True)
        .limit(50)
    )
    return list((await session.exec(query)).all())


async def next_due_at(session: Session) -> datetime | None:
    """Tell when there is work next."""
    query = select(func.min(func.coalesce(Message.due_at, Message.leased_until))).where(
        or_(col(Message.due_at).is_not(None), col(Message.leased_until).is_not(None))
    )
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def lock_told(session: Session, news: News) -> Message | None:
    """Lock the message that news are about: by our own name for it, or by the carrier's."""
    same = col(Message.provider_id) == news.provider_id
    if (own := _own_id(news.reference)) is not None:
        same = or_(same, col(Message.id) == own)
    query = select(Message).where(Message.channel == news.channel, same).with_for_update()
    return (await session.exec(query)).first()


def _own_id(reference: str) -> UUID | None:
    try:
        return UUID(reference)
    except ValueError:
        return None
