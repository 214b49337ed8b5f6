"""The log of messages as people read it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.domain import status
from dashboard.domain.answers.messages import Message

CHANNELS = {
    "whatsapp_link": "WhatsApp, dikirim orang",
    "whatsapp": "WhatsApp Cloud API",
    "email": "Email",
    "sms": "SMS",
}
KINDS = {"invoice": "Tagihan", "receipt": "Bukti bayar", "reminder": "Pengingat"}


@dataclass(frozen=True, slots=True)
class Row:
    """One message with its words; ``who`` sent it, or said that it was sent."""

    message: Message
    mark: status.Mark
    channel: str
    what: str
    who: str
    note: str

    @property
    def needs_person(self) -> bool:
        """Tell whether the system does nothing more about it."""
        return self.message.state in {"failed", "unknown"}


def row_of(message: Message) -> Row:
    """Put one line of the log together."""
    return Row(
        message=message,
        mark=status.MESSAGE.get(message.state, status.UNKNOWN),
        channel=CHANNELS.get(message.channel, "Lainnya"),
        what=what_of(message.kind, message.purpose),
        who=message.confirmed_by or message.sent_by.name,
        note=message.trouble or "",
    )


def what_of(kind: str, purpose: str) -> str:
    """Say what a message is for: ``Pengingat H-3``."""
    word = KINDS.get(kind, "Pesan")
    if kind == "receipt" and purpose.startswith("provisional"):
        return "Bukti bayar sementara"
    step = purpose.removeprefix("reminder.").lstrip("+") if kind == "reminder" else ""
    if not step:
        return word
    return f"{word} hari H" if step == "0" else f"{word} {step_word(int(step))}"


def step_word(days: int) -> str:
    """Spell a step of the ladder: ``H-3``, ``H``, ``H+7``."""
    if days == 0:
        return "H"
    return f"H+{days}" if days > 0 else f"H\u2212{-days}"
