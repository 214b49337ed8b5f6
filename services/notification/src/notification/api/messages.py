"""``/api/v1/messages``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from notification.api.writing import Writing
from notification.domain.delivery import State
from notification.domain.ladder import Channel
from notification.domain.message import whatsapp_address
from notification.handlers import messages as handlers
from notification.models import Message
from notification.store import messages as store
from notification.store.messages import MessageQuery
from shared.database import Session
from shared.paging import Page
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class InvoiceMessage(BaseModel):
    """Write about a bill."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["invoice"]
    invoice_id: UUID


class ReceiptMessage(BaseModel):
    """Write about a payment."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["receipt"]
    payment_id: UUID


NewMessage = Annotated[InvoiceMessage | ReceiptMessage, Field(discriminator="kind")]


class Sender(BaseModel):
    """Who opened the message first."""

    id: UUID
    name: str


class MessageView(BaseModel):
    """A message as it is shown; ``url`` opens WhatsApp with it, where that is how it goes."""

    id: UUID
    channel: str
    kind: str
    purpose: str
    customer_id: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    recipient: str
    text: str
    url: str | None
    language: str
    state: State
    sent_by: Sender
    created_at: datetime
    opened_at: datetime | None
    opened_count: int
    confirmed_by: str | None
    sent_at: datetime | None
    trouble: str | None
    cost_idr: int
    failures: int
    customer_name: str
    invoice_number: str | None


class MessagePage(Page[MessageView]):
    """A page of the log; ``states`` counts all messages that the reader may see."""

    states: dict[State, int]


class Confirmation(BaseModel):
    """What a person says about a message that he opened."""

    model_config = ConfigDict(extra="forbid")

    sent: StrictBool


@router.get("/api/v1/messages")
async def list_messages(
    wanted: Annotated[MessageQuery, Query()], session: Transaction
) -> MessagePage:
    """List what customers were told, are told, and will be told."""
    found = await store.find(session, wanted)
    return MessagePage(
        items=await _views(session, found.rows),
        next_cursor=found.next_cursor,
        total=found.total,
        states=await store.count_states(session),
    )


@router.get("/api/v1/messages/next")
async def next_message(session: Transaction, after: UUID | None = None) -> MessagePage:
    """Give the oldest message that waits for a person to send it, if there is one."""
    found = await store.next_queued(session, after)
    items = await _views(session, [found] if found else [])
    states = await store.count_states(session)
    total = (await store.find(session, _QUEUE)).total
    return MessagePage(items=items, next_cursor=None, total=total, states=states)


@router.get("/api/v1/messages/{message_id}")
async def read_message(message_id: UUID, session: Transaction) -> MessageView:
    """Read one message."""
    return await _view(session, await store.get(session, message_id))


@router.post("/api/v1/messages/{message_id}/open")
async def open_message(message_id: UUID, letterhead: Writing, session: Transaction) -> MessageView:
    """Open WhatsApp with a message of the queue, in its words of now."""
    return await _view(session, await handlers.open_queued(session, letterhead, message_id))


@router.post("/api/v1/messages/{message_id}/confirm")
async def confirm_message(
    message_id: UUID, body: Confirmation, session: Transaction
) -> MessageView:
    """Say whether a message that was opened was also sent; if not, it waits again."""
    return await _view(session, await handlers.confirm(session, message_id, sent=body.sent))


@router.post("/api/v1/messages/{message_id}/by-hand")
async def send_by_hand(message_id: UUID, session: Transaction) -> MessageView:
    """Let a person send by click-to-chat what a carrier did not take."""
    return await _view(session, await handlers.send_by_hand(session, message_id))


@router.post("/api/v1/messages/{message_id}/skip")
async def skip_message(message_id: UUID, session: Transaction) -> MessageView:
    """Take a message out of the queue for good."""
    return await _view(session, await handlers.skip(session, message_id))


@router.post("/api/v1/messages", status_code=201)
async def send_message(
    body: NewMessage,
    letterhead: Writing,
    session: Transaction,
    response: Response,
) -> MessageView:
    """Open WhatsApp with a message; 201 the first time, 200 when the same is opened again."""
    if isinstance(body, InvoiceMessage):
        message = await handlers.send_invoice(session, letterhead, body.invoice_id)
    else:
        message = await handlers.send_receipt(session, letterhead, body.payment_id)
    if message.opened_count > 1:
        response.status_code = 200
    return await _view(session, message)


_QUEUE = MessageQuery(state=State.QUEUED, channel=Channel.WHATSAPP_LINK, limit=1)


async def _view(session: Session, message: Message) -> MessageView:
    (shown,) = await _views(session, [message])
    return shown


async def _views(session: Session, messages: Sequence[Message]) -> list[MessageView]:
    customers, bills = await store.names_of(session, messages)
    return [
        MessageView(
            **message.model_dump(exclude=_HIDDEN),
            kind=message.template,
            url=_address(message),
            sent_by=Sender(id=message.sent_by_id, name=message.sent_by_name),
            confirmed_by=message.confirmed_by_name,
            customer_name=customers.get(message.customer_id, ""),
            invoice_number=bills.get(message.invoice_id) if message.invoice_id else None,
        )
        for message in messages
    ]


def _address(message: Message) -> str | None:
    by_hand = message.channel == Channel.WHATSAPP_LINK
    return whatsapp_address(message.recipient, message.text) if by_hand else None


_HIDDEN = {
    "template",
    "object_id",
    "sent_by_id",
    "sent_by_name",
    "confirmed_by_name",
    "due_at",
    "leased_until",
    "provider_id",
    "told",
}
