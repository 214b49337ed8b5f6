"""Events of notification: what people were told. Aggregate: the message."""

from typing import ClassVar, Literal
from uuid import UUID

from shared.events import Event


class MessageState(Event):
    """One message to one customer about one object."""

    channel: Literal["whatsapp_link", "whatsapp", "email", "sms"]
    purpose: str
    customer_id: UUID
    invoice_id: UUID | None
    recipient: str
    sent_by: UUID | None


class MessageSent(MessageState):
    """The message left, or (click-to-chat) WhatsApp was opened with it."""

    TYPE: ClassVar[str] = "message.sent"


class MessageFailed(MessageState):
    """The message could not be sent."""

    TYPE: ClassVar[str] = "message.failed"

    trouble: str
