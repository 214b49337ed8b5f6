"""Writing to customers by hand: each message once; a person says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from notification.domain.delivery import WORDS, State
from notification.domain.ladder import Channel, purpose_of
from notification.domain.message import (
    SETTLED,
    Letterhead,
    NotForWhatsapp,
    OpenedByAnother,
    Template,
    check_recipient,
)
from notification.domain.template import Language, Purpose
from notification.handlers import composing, stops, telling
from notification.handlers.composing import Letter, Pen
from notification.models import Message
from notification.store import copies, messages
from notification.store import rules as rules_store
from shared import audit
from shared.database import Session
from shared.errors import InvalidTransition


@dataclass(frozen=True, slots=True)
class About:
    """What a message is about, and for which purpose it is written once."""

    template: Template
    object_id: UUID
    purpose: str

    def columns(self) -> dict[str, Any]:
        """The same as the log holds it."""
        names = {Template.RECEIPT: "payment_id"}
        return {
            "template": self.template,
            "object_id": self.object_id,
            "purpose": self.purpose,
            names.get(self.template, "invoice_id"): self.object_id,
        }


async def pen_of(session: Session, letterhead: Letterhead) -> Pen:
    """Write in the language that the rules name."""
    return Pen(letterhead, (await rules_store.current(session)).language)


async def send_invoice(session: Session, letterhead: Letterhead, invoice_id: UUID) -> Message:
    """Open WhatsApp with a bill; the same bill again is the same message.

    Raises:
        InvoiceNotFound: not there, or not the caller's.
        NothingToPay: paid or cancelled.
        RecipientNotMobile: WhatsApp cannot be offered.
        VirtualAccountPending, DocumentPending: too early.
    """
    invoice = await copies.get_invoice(session, invoice_id)
    pen, today = await pen_of(session, letterhead), session.clock.today()
    letter = await composing.about_bill(session, pen, invoice, Purpose.BILL, today)
    about = About(Template.INVOICE, invoice.id, f"invoice.r{letter.revision}")
    return await _open_new(session, letter, about)


async def send_receipt(session: Session, letterhead: Letterhead, payment_id: UUID) -> Message:
    """Open WhatsApp with the proof of a payment; provisional until the bank confirms (C11).

    Raises:
        PaymentNotFound: not there, or not the caller's.
        PaymentNotStanding: taken back, or doubted.
        RecipientNotMobile: WhatsApp cannot be offered.
        DocumentPending: too early.
    """
    payment = await copies.get_payment(session, payment_id)
    letter = await composing.about_payment(session, await pen_of(session, letterhead), payment)
    kind = "receipt" if letter.is_receipt else "provisional"
    about = About(Template.RECEIPT, payment.id, f"{kind}.r{letter.revision}")
    return await _open_new(session, letter, about)


async def open_queued(session: Session, letterhead: Letterhead, message_id: UUID) -> Message:
    """Open WhatsApp with a message that waits in the queue, in its words of now.

    Raises:
        MessageNotFound: not there, or not the caller's.
        NotForWhatsapp: the system sends it.
        NothingToPay: paid or cancelled meanwhile.
        InvalidTransition: it was called back.
        OpenedByAnother: somebody else has it in WhatsApp at this moment.
    """
    message = await _mine(session, message_id)
    now, who = session.clock.now(), session.principal
    if message.is_at_hand(now) and message.sent_by_id != who.user_id:
        raise OpenedByAnother(name=message.sent_by_name)
    letter = await rewrite(session, letterhead, message)
    check_recipient(letter.customer.phone)
    await stops.heed(session, message.customer_id, letter.customer.name)
    message.move(State.OPENED)
    message.text, message.recipient = letter.text, letter.customer.phone
    message.opened_count += 1
    message.opened_at = now
    message.sent_by_id, message.sent_by_name = who.user_id, who.name
    _record_opening(session, message)
    return message


async def confirm(session: Session, message_id: UUID, *, sent: bool) -> Message:
    """Note what a person says: it was sent, or it was not and waits again.

    What asks for money that came meanwhile waits no more.

    Raises:
        MessageNotFound: not there, or not the caller's.
        NotForWhatsapp: the system knows better.
        InvalidTransition: it was not opened.
    """
    message = await messages.lock(session, message_id)
    if message.channel != Channel.WHATSAPP_LINK and not (sent and message.state == State.UNKNOWN):
        raise NotForWhatsapp
    before = message.state
    if before not in {State.OPENED, State.UNKNOWN}:
        raise InvalidTransition(current=WORDS[State(before)], target=WORDS[State.SENT])
    settled = None if sent else await messages.settled(session, message)
    message.move(State.SENT if sent else State.CANCELLED if settled else State.QUEUED)
    message.trouble = SETTLED[settled] if settled else None
    message.confirmed_by_name = session.principal.name if sent else None
    message.sent_at = session.clock.now() if sent else None
    telling.record(session, message, "message.confirmed" if sent else "message.not_sent", before)
    return message


async def send_by_hand(session: Session, message_id: UUID) -> Message:
    """Let a person send by click-to-chat what a carrier did not take, or may not have taken.

    Raises:
        MessageNotFound: not there, or not the caller's.
        InvalidTransition: it has left, or still may.
        RecipientNotMobile: WhatsApp cannot be offered.
    """
    message = await messages.lock(session, message_id)
    before = message.state
    message.move(State.QUEUED)
    customer = await copies.get_customer(session, message.customer_id)
    check_recipient(customer.phone)
    message.channel, message.recipient = Channel.WHATSAPP_LINK, customer.phone
    message.due_at, message.provider_id, message.failures = None, None, 0
    telling.record(session, message, "message.by_hand", before)
    return message


async def skip(session: Session, message_id: UUID) -> Message:
    """Take a message out of the queue for good.

    Raises:
        MessageNotFound: not there, or not the caller's.
        InvalidTransition: it has left already.
    """
    message = await messages.lock(session, message_id)
    before = message.state
    message.move(State.CANCELLED)
    message.due_at = None
    message.trouble = f"Dilewati oleh {session.principal.name}"
    telling.record(session, message, "message.skipped", before)
    return message


async def rewrite(session: Session, letterhead: Letterhead, message: Message) -> Letter:
    """Write a message anew from what is known now.

    Raises:
        NothingToPay, PaymentNotStanding: there is nothing to write about any more.
    """
    pen = Pen(letterhead, Language(message.language))
    if message.template == Template.RECEIPT:
        payment = await copies.get_payment(session, message.object_id)
        return await composing.about_payment(session, pen, payment)
    invoice = await copies.get_invoice(session, message.object_id)
    today = session.clock.today()
    is_bill = message.template == Template.INVOICE
    purpose = Purpose.BILL if is_bill else purpose_of(invoice.due_on, today)
    return await composing.about_bill(session, pen, invoice, purpose, today)


async def _mine(session: Session, message_id: UUID) -> Message:
    message = await messages.lock(session, message_id)
    if message.channel != Channel.WHATSAPP_LINK:
        raise NotForWhatsapp
    return message


async def _open_new(session: Session, letter: Letter, about: About) -> Message:
    check_recipient(letter.customer.phone)
    await stops.heed(session, letter.customer.id, letter.customer.name)
    now = session.clock.now()
    wanted = Message(
        **about.columns(),
        recipient=letter.customer.phone,
        customer_id=letter.customer.id,
        text=letter.text,
        language=letter.language,
        state=State.OPENED,
        sent_by_id=session.principal.user_id,
        sent_by_name=session.principal.name,
        created_at=now,
        opened_at=now,
        opened_count=1,
    )
    message = await messages.open_once(session, wanted)
    _record_opening(session, message)
    return message


def _record_opening(session: Session, message: Message) -> None:
    first = message.opened_count == 1
    audit.record(
        session,
        action="message.sent" if first else "message.opened",
        object_type="message",
        object_id=message.id,
        after={"opened_count": message.opened_count, "text": message.text},
    )
    if first:
        telling.tell_sent(session, message)
