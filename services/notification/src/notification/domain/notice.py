"""What the bell tells, to whom, and in which words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import NotFound
from shared.money import Rupiah

QUESTION_MOST = 120
"""Letters of a question that the bell shows."""


class Audience(StrEnum):
    """Why somebody is told: his customer, now or before; he is Admin; he asked, or is asked."""

    OWNER = "owner"
    PREVIOUS_OWNER = "previous_owner"
    ADMINS = "admins"
    MAKER = "maker"
    ASKED = "asked"


class Kind(StrEnum):
    """What happened; the first word is what the bell shows an icon for."""

    PAYMENT_RECEIVED = "payment.received"
    PAYMENT_UNIDENTIFIED = "payment.unidentified"
    VA_FAILED = "va.failed"
    CUSTOMER_REASSIGNED = "customer.reassigned"
    EXPORT_FINISHED = "export.finished"
    MESSAGE_FAILED = "message.failed"
    EXCEPTION_ASKED = "exception.asked"
    CUSTOMERS_HANDED_OVER = "customer.handed_over"
    CHANGE_ASKED = "change_request.asked"
    CHANGE_DECIDED = "change_request.decided"


class CustomerUnknown(NotFound):
    """The fact came before its customer; it is told when he is known (E1)."""

    detail = "Pelanggan belum dikenal."


class NoticeNotFound(NotFound):
    """No such notice for this reader."""

    detail = "Pemberitahuan tidak ditemukan."


@dataclass(frozen=True, slots=True)
class Told:
    """One text for one audience; ``user_id`` is None for all who see everything."""

    audience: Audience
    user_id: UUID | None
    text: str


def payment_received(amount: Rupiah, customer_name: str) -> str:
    """Say that a customer's money came."""
    return f"Pembayaran {amount} dari {customer_name} diterima"


def payment_unidentified(amount: Rupiah) -> str:
    """Say that money came and nobody knows from whom (M9)."""
    return f"Pembayaran {amount} belum teridentifikasi"


def va_failed(invoice_number: str, customer_name: str, trouble: str | None) -> str:
    """Say that a customer cannot pay yet, and why."""
    what = f"tagihan {invoice_number} ({customer_name})" if invoice_number else customer_name
    why = f": {trouble}" if trouble else ""
    return f"VA untuk {what} gagal dibuat{why}"


def message_failed(customer_name: str, trouble: str, *, unknown: bool) -> str:
    """Say that a customer was not told, or that nobody knows whether he was, and why."""
    what = "belum pasti terkirim" if unknown else "gagal dikirim"
    why = f": {trouble}" if trouble else ""
    return f"Pesan kepada {customer_name} {what}{why}"


def export_finished(title: str, rows: int, trouble: str | None) -> str:
    """Say that a file can be fetched, or why there is none."""
    if trouble:
        return f"Unduhan {title} gagal dibuat: {trouble}"
    return f"Unduhan {title} siap: {rows:,} baris".replace(",", ".")


def exception_asked(amount: Rupiah, asked_by: str, question: str) -> str:
    """Say who asks what about which money; a long question is read on its page."""
    return f"{asked_by} bertanya tentang {amount}: {_brief(question)}"


def change_asked(asked_by: str, subject: str, reason: str) -> str:
    """Say who asks for which change; a long request is read on its page."""
    return f"{asked_by} minta perubahan pada {subject}: {_brief(reason)}"


def change_decided(subject: str, outcome: str, decided_by: str, words: str) -> str:
    """Say what became of a request, and in whose words."""
    act = "dijalankan" if outcome == "applied" else "ditolak"
    said = f": {_brief(words)}" if words else ""
    return f"Permintaan perubahan pada {subject} {act} oleh {decided_by}{said}"


def _brief(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= QUESTION_MOST else f"{words[:QUESTION_MOST]}…"


def both(owner_id: UUID, text: str) -> list[Told]:
    """Tell the owner of the customer and the Admins the same."""
    return [Told(Audience.OWNER, owner_id, text), Told(Audience.ADMINS, None, text)]


def handed_over(count: int, giver: str, taker: str) -> str:
    """Say how many customers went from whom to whom."""
    return f"{count} pelanggan dipindahkan dari {giver} kepada {taker}"


@dataclass(frozen=True, slots=True)
class Handover:
    """A customer passed from one Marketing to another."""

    customer_name: str
    from_id: UUID
    from_name: str
    to_id: UUID
    to_name: str

    def told(self) -> list[Told]:
        """Tell the new owner, the old one, and the Admins."""
        gained = f"{self.customer_name} dipindahkan dari {self.from_name} kepada Anda"
        lost = f"{self.customer_name} dipindahkan dari Anda kepada {self.to_name}"
        seen = f"{self.customer_name} dipindahkan dari {self.from_name} kepada {self.to_name}"
        return [
            Told(Audience.OWNER, self.to_id, gained),
            Told(Audience.PREVIOUS_OWNER, self.from_id, lost),
            Told(Audience.ADMINS, None, seen),
        ]
