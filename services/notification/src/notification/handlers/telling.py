"""Telling others what became of a message: events, and the bell when it went wrong."""

from __future__ import annotations

from typing import Any

from notification.domain.delivery import State
from notification.domain.notice import Kind, both, message_failed
from notification.handlers.notices import Fact, tell
from notification.models import Message
from notification.store import copies
from shared import audit, outbox
from shared.contracts.notification import MessageFailed, MessageSent
from shared.database import Session


def tell_sent(session: Session, message: Message) -> None:
    """Tell that a message left."""
    message.told += 1
    now = session.clock.now()
    outbox.publish(session, MessageSent.of(message.told, now, message.id, **_facts(message)))


async def tell_failed(session: Session, message: Message) -> None:
    """Tell that a message did not reach its customer, also by the bell."""
    message.told += 1
    now, trouble = session.clock.now(), message.trouble or "Tidak diketahui"
    facts = _facts(message) | {"trouble": trouble}
    outbox.publish(session, MessageFailed.of(message.told, now, message.id, **facts))
    await ring(session, message)


async def ring(session: Session, message: Message) -> None:
    """Tell the owner of the customer and the Admins; once per message."""
    customer = await copies.get_customer(session, message.customer_id)
    unknown = message.state == State.UNKNOWN
    text = message_failed(customer.name, message.trouble or "", unknown=unknown)
    fact = Fact(Kind.MESSAGE_FAILED, message.id, customer.id)
    link = f"/messages?state={message.state}"
    await tell(session, fact, both(customer.marketing_id, text), link=link)


def record(session: Session, message: Message, action: str, before: str) -> None:
    """Note a change of a message."""
    audit.record(
        session,
        action=action,
        object_type="message",
        object_id=message.id,
        before={"state": before},
        after={"state": message.state, "channel": message.channel, "trouble": message.trouble},
    )


def _facts(message: Message) -> dict[str, Any]:
    return {
        "channel": message.channel,
        "purpose": message.purpose,
        "customer_id": message.customer_id,
        "invoice_id": message.invoice_id,
        "recipient": message.recipient,
        "sent_by": message.sent_by_id,
    }
