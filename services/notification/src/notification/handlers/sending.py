"""Messages that the system sends: prepared and settled in transactions, none open in between."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

from notification.domain.delivery import State
from notification.domain.ladder import Channel
from notification.domain.message import (
    DocumentPending,
    Letterhead,
    NothingToPay,
    PaymentNotStanding,
    RecipientStopped,
    VirtualAccountPending,
)
from notification.domain.outgoing import Outcome, Parcel, Result, next_try
from notification.domain.template import SUBJECTS, Purpose
from notification.handlers import messages, stops, telling
from notification.handlers.composing import Letter
from notification.models import Message
from notification.store import outgoing, reminders
from shared.database import Session

LOST = "Sistem berhenti saat pesan sedang diserahkan"


@dataclass(frozen=True, slots=True)
class Sending:
    """A message that was leased for one attempt."""

    message_id: UUID
    channel: Channel
    leased_until: datetime
    parcel: Parcel


async def prepare(session: Session, letterhead: Letterhead) -> Sending | bool:
    """Lease the message that is due, in its words of now; False: there is none, True: look again.

    The bill is locked first, as news about it do: what is settled is never asked for (K2).
    """
    found = await outgoing.next_due(session)
    if found is None:
        return False
    message_id, invoice_id = found
    if invoice_id is not None:
        await reminders.lock_bill(session, invoice_id)
    return await _lease(session, letterhead, message_id)


async def _lease(session: Session, letterhead: Letterhead, message_id: UUID) -> Sending | bool:
    message = await outgoing.lock_due(session, message_id)
    if message is None:
        return True
    before = message.state
    message.due_at = None
    try:
        letter = await messages.rewrite(session, letterhead, message)
        await stops.heed(session, message.customer_id, letter.customer.name)
    except (NothingToPay, PaymentNotStanding, RecipientStopped) as error:
        message.move(State.CANCELLED)
        message.trouble = str(error)
        telling.record(session, message, "message.called_back", before)
        return True
    except (VirtualAccountPending, DocumentPending) as error:
        await _try_later(session, message, str(error), Random(message.id.int))  # noqa: S311
        return True
    message.move(State.SENDING)
    message.text = letter.text
    message.leased_until = session.clock.now() + outgoing.LEASE
    channel = Channel(message.channel)
    return Sending(message.id, channel, message.leased_until, _parcel(message, letter))


async def settle(session: Session, sending: Sending, outcome: Outcome, chance: Random) -> None:
    """Draw the conclusions of an attempt."""
    message = await outgoing.lock_leased(session, sending.message_id, sending.leased_until)
    if message is None:
        return
    before = message.state
    message.leased_until = None
    message.provider_id = outcome.provider_id
    message.trouble = outcome.trouble or None
    if outcome.result is Result.LATER:
        await _try_later(session, message, outcome.trouble, chance)
    elif outcome.result is Result.REFUSED:
        await _fail(session, message)
    elif outcome.result is Result.UNKNOWN:
        message.move(State.UNKNOWN)
        await telling.ring(session, message)
    else:
        message.move(State.SENT)
        message.sent_at, message.cost_idr = session.clock.now(), outcome.cost_idr
        telling.tell_sent(session, message)
    telling.record(session, message, f"message.{outcome.result}", before)


async def give_up_lost(session: Session) -> int:
    """Say of what was on its way when its sender died that nobody knows; never send it again."""
    lost = await outgoing.abandoned(session)
    for message in lost:
        message.leased_until = None
        message.move(State.UNKNOWN)
        message.trouble = LOST
        await telling.ring(session, message)
        telling.record(session, message, "message.unknown", State.SENDING)
    return len(lost)


async def _try_later(session: Session, message: Message, why: str, chance: Random) -> None:
    message.failures += 1
    message.trouble = why or None
    pause = next_try(message.failures, chance)
    if pause is None:
        await _fail(session, message)
        return
    if message.state != State.QUEUED:
        message.move(State.QUEUED)
    message.due_at = session.clock.now() + pause


async def _fail(session: Session, message: Message) -> None:
    message.move(State.FAILED)
    await telling.tell_failed(session, message)


def _parcel(message: Message, letter: Letter) -> Parcel:
    subject = SUBJECTS[Purpose.RECEIPT if message.payment_id else letter.purpose, letter.language]
    return Parcel(
        reference=str(message.id),
        recipient=message.recipient,
        text=letter.text,
        subject=subject,
        language=letter.language,
        template=letter.whatsapp_name,
        parameters=letter.parameters,
    )
