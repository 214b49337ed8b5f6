"""``/api/v1/messages``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, ConfigDict, Field

from notification.api.writing import Writing
from notification.domain.message import whatsapp_address
from notification.handlers import messages as handlers
from notification.models import Message
from notification.store import messages as store
from notification.store.messages import MessageQuery
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
    """A message as it is shown; ``url`` opens WhatsApp with it."""

    id: UUID
    channel: str
    kind: str
    purpose: str
    customer_id: UUID
    invoice_id: UUID | None
    payment_id: UUID | None
    recipient: str
    text: str
    url: str
    sent_by: Sender
    created_at: datetime
    opened_at: datetime
    opened_count: int


@router.get("/api/v1/messages")
async def list_messages(
    wanted: Annotated[MessageQuery, Query()], session: Transaction
) -> Page[MessageView]:
    """List what customers were told."""
    return (await store.find(session, wanted)).page(view)


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
    return view(message)


def view(message: Message) -> MessageView:
    """Shape a message for the answer."""
    return MessageView(
        **message.model_dump(exclude={"template", "object_id", "sent_by_id", "sent_by_name"}),
        kind=message.template,
        url=whatsapp_address(message.recipient, message.text),
        sent_by=Sender(id=message.sent_by_id, name=message.sent_by_name),
    )
