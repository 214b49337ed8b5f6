"""Who wants no messages: put on the list by a person, or by his own word."""

from __future__ import annotations

from uuid import UUID

from notification.domain.message import RecipientStopped
from notification.models import MessageStop
from notification.store import copies, messages, stops
from shared import audit
from shared.database import Session
from shared.ids import new_id

WHY = "Pelanggan tidak ingin menerima pesan"


async def add(session: Session, customer_id: UUID, reason: str, by: str) -> MessageStop:
    """Put a customer on the list, and call back what waits for him.

    Raises:
        CustomerUnknown: not there, or not the caller's.
        RecipientStopped: he is on it.
    """
    customer = await copies.get_customer(session, customer_id)
    stop = MessageStop(
        id=new_id(),
        customer_id=customer_id,
        reason=reason,
        added_by_name=by,
        added_at=session.clock.now(),
    )
    if not await stops.add_once(session, stop):
        raise RecipientStopped(name=customer.name)
    await messages.call_back_all(session, customer_id, WHY)
    audit.record(
        session,
        action="message_stop.added",
        object_type="customer",
        object_id=customer_id,
        after={"reason": reason, "by": by},
    )
    return stop


async def lift(session: Session, stop_id: UUID) -> MessageStop:
    """Take a customer off the list.

    Raises:
        StopNotFound: not there, not the caller's, or lifted before.
    """
    stop = await stops.lock(session, stop_id)
    stop.lifted_at = session.clock.now()
    stop.lifted_by_name = session.principal.name
    audit.record(
        session,
        action="message_stop.lifted",
        object_type="customer",
        object_id=stop.customer_id,
        before={"reason": stop.reason, "by": stop.added_by_name},
    )
    return stop


async def heed(session: Session, customer_id: UUID, name: str) -> None:
    """Write to nobody who wants no messages.

    Raises:
        RecipientStopped: he is on the list.
    """
    if await stops.holds(session, customer_id):
        raise RecipientStopped(name=name)
