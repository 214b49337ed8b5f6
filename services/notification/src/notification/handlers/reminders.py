"""Reminding of bills: each step of the ladder once, and none once there is nothing to pay."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from notification.domain.delivery import State
from notification.domain.ladder import Channel, look, purpose_of
from notification.domain.message import (
    OPEN,
    SETTLED,
    DocumentPending,
    Template,
    VirtualAccountPending,
)
from notification.domain.notice import CustomerUnknown
from notification.handlers import composing
from notification.handlers.composing import Letter
from notification.handlers.desk import Desk
from notification.handlers.messages import About, pen_of
from notification.models import BillLook, Invoice, Message
from notification.store import messages, reminders, stops
from notification.store import rules as rules_store
from shared import audit
from shared.database import Session

NOT_READY_PAUSE = timedelta(hours=1)


async def watch(session: Session, invoice: dict[str, Any], invoice_id: UUID) -> None:
    """Draw the conclusions of news about a bill: plan its next step, or call back what waits."""
    status = invoice["status"]
    if status in OPEN:
        rules, now = await rules_store.current(session), session.clock.now()
        known_since = await reminders.since(session, invoice_id) or session.clock.today()
        taken = await reminders.taken(session, invoice_id)
        found = look(rules, invoice["due_on"], known_since, taken, now)
        due_at = now if found.step is not None else found.next_at
        await reminders.plan(session, invoice_id, known_since, due_at)
    elif status in SETTLED:
        await reminders.plan(session, invoice_id, session.clock.today(), None)
        for message_id in await messages.call_back(session, invoice_id, SETTLED[status]):
            audit.record(
                session,
                action="message.called_back",
                object_type="message",
                object_id=message_id,
                after={"state": State.CANCELLED},
                reason=SETTLED[status],
            )


async def remind(session: Session, desk: Desk, invoice_id: UUID) -> None:
    """Take the step of the ladder that a bill is due for, if there is one."""
    invoice = await reminders.lock_bill(session, invoice_id)
    due = await reminders.lock_due(session, invoice_id)
    if invoice is None or due is None:
        return
    due.leased_until = None
    if invoice.status not in OPEN:
        due.due_at = None
        return
    await _step(session, desk, invoice, due)


async def _step(session: Session, desk: Desk, invoice: Invoice, due: BillLook) -> None:
    rules, now = await rules_store.current(session), session.clock.now()
    taken = await reminders.taken(session, invoice.id)
    found = look(rules, invoice.due_on, due.since, taken, now)
    await reminders.pass_by(session, invoice.id, found.passed)
    due.due_at = found.next_at
    if found.step is None:
        return
    try:
        pen, today = await pen_of(session, desk.letterhead), session.clock.today()
        purpose = purpose_of(invoice.due_on, today)
        letter = await composing.about_bill(session, pen, invoice, purpose, today)
    except (CustomerUnknown, VirtualAccountPending, DocumentPending):
        due.due_at = now + NOT_READY_PAUSE
        return
    await _remind_once(session, desk, invoice, found.step, letter)


async def _remind_once(
    session: Session, desk: Desk, invoice: Invoice, step: int, letter: Letter
) -> None:
    about = About(Template.REMINDER, invoice.id, f"reminder.{step:+d}")
    message = await queue(session, desk, about, letter)
    await reminders.take(session, invoice.id, step, message.id if message else None)


async def queue(session: Session, desk: Desk, about: About, letter: Letter) -> Message | None:
    """Queue a message that the system writes; None: no way to him, he wants none, or it was.

    What a carrier takes leaves outside quiet hours; the rest waits for a person.
    """
    rules = await rules_store.current(session)
    way = desk.route(rules.channel, letter)
    if way is None or await stops.holds(session, letter.customer.id):
        return None
    channel, recipient = way
    now, by_hand = session.clock.now(), channel is Channel.WHATSAPP_LINK
    message = Message(
        **about.columns(),
        channel=channel,
        recipient=recipient,
        customer_id=letter.customer.id,
        text=letter.text,
        language=letter.language,
        state=State.QUEUED,
        sent_by_id=session.principal.user_id,
        sent_by_name="Sistem",
        created_at=now,
        due_at=None if by_hand else rules.allowed(now),
    )
    if not await messages.queue_once(session, message):
        return None
    record_queued(session, message)
    return message


def record_queued(session: Session, message: Message) -> None:
    """Note that the system wrote a message."""
    audit.record(
        session,
        action="message.queued",
        object_type="message",
        object_id=message.id,
        after={"channel": message.channel, "purpose": message.purpose, "text": message.text},
    )
