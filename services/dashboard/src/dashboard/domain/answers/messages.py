"""Messages, their words and their rules."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from dashboard.domain.answers.base import Answer, Named, Page


class Variable(Answer):
    """What may stand in braces."""

    name: str
    meaning: str
    required: bool = False


class Words(Answer):
    """One version of the words for a purpose; version 0 is built in."""

    purpose: str
    language: str
    version: int
    body: str
    whatsapp_name: str | None = None
    restores: int | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


class Template(Words):
    """The words in use, their variables, and every version, the newest first."""

    variables: tuple[Variable, ...] = ()
    history: tuple[Words, ...] = ()


class Preview(Answer):
    """Words filled with real data."""

    text: str


class Rules(Answer):
    """How customers are written to by the system; version 0 are the built-in rules."""

    version: int
    ladder: tuple[int, ...] = ()
    quiet_from: int
    quiet_until: int
    holidays: tuple[date, ...] = ()
    language: str
    channel: str
    receipts: bool
    restores: int | None = None
    changed_by: str | None = None
    changed_at: datetime | None = None


class RulesHistory(Rules):
    """The rules that hold, and every version, the newest first."""

    history: tuple[Rules, ...] = ()


class Message(Answer):
    """One message to a customer; ``url`` opens WhatsApp with it, where that is how it goes."""

    id: UUID
    channel: str
    kind: str
    purpose: str
    state: str
    customer_id: UUID
    customer_name: str = ""
    invoice_id: UUID | None = None
    invoice_number: str | None = None
    payment_id: UUID | None = None
    recipient: str
    text: str
    url: str | None = None
    sent_by: Named
    created_at: datetime
    opened_at: datetime | None = None
    opened_count: int = 0
    confirmed_by: str | None = None
    sent_at: datetime | None = None
    trouble: str | None = None
    cost_idr: int = 0

    @property
    def at(self) -> datetime:
        """When something last happened to it."""
        return self.sent_at or self.opened_at or self.created_at


class MessagePage(Page[Message]):
    """A page of the log; ``states`` counts all messages of the reader."""

    states: dict[str, int] = Field(default_factory=dict)
