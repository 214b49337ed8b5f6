"""What customers were told about one bill, as lines of its timeline."""

from __future__ import annotations

from collections.abc import Iterable

from dashboard.domain import status
from dashboard.domain.answers.invoices import Message
from dashboard.domain.happening import Happening
from dashboard.domain.message_log import CHANNELS, what_of

_ENDS = {"failed", "unknown", "cancelled"}


def of_messages(messages: Iterable[Message]) -> list[Happening]:
    """Tell each step of each message that has a time of its own."""
    return [line for message in messages for line in _of(message)]


def _of(message: Message) -> Iterable[Happening]:
    what = what_of(message.kind, message.purpose)
    mark = status.MESSAGE.get(message.state, status.UNKNOWN)
    if message.state in _ENDS and message.created_at:
        why = f": {message.trouble.rstrip('.')}." if message.trouble else "."
        text = f"{what} {mark.word.lower()}{why}"
        yield Happening(message.created_at, mark.tone, mark.icon, text, "sistem")
    elif message.created_at and message.kind == "reminder":
        text = f"{what} disiapkan untuk dikirim"
        yield Happening(message.created_at, "muted", "clock", text, "sistem")
    if message.opened_at:
        named = "pesan tagihan" if message.kind == "invoice" else what.lower()
        text = f"WhatsApp dibuka dengan {named}"
        yield Happening(message.opened_at, "success", "message-circle", text, "web")
    if message.sent_at:
        text = f"{what} terkirim lewat {CHANNELS.get(message.channel, 'saluran lain')}"
        if message.confirmed_by:
            text = f"{what} terkirim, kata {message.confirmed_by}"
        yield Happening(message.sent_at, mark.tone, mark.icon, text, "web")
