"""Messages to customers: their words, their address, and when there is nothing to send yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from notification.domain.spelling import long_date, one_line, salutation
from notification.domain.template import Language
from shared.errors import Conflict, Invalid, NotFound
from shared.money import Rupiah
from shared.phones import is_indonesian_mobile

OPEN = ("issued", "partially_paid")
SETTLED = {"paid": "Tagihan sudah lunas", "cancelled": "Tagihan dibatalkan"}
"""Nothing is owed on these any more, and why what asked for it is called back."""
"""What a bill is while it wants money."""


class Template(StrEnum):
    """What a message is about; a reminder is about a bill too."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    REMINDER = "reminder"


class InvoiceNotFound(NotFound):
    """No such bill in the reader's scope (A7)."""

    detail = "Tagihan tidak ditemukan."


class MessageNotFound(NotFound):
    """No such message in the reader's scope (A7)."""

    detail = "Pesan tidak ditemukan."


class NotForWhatsapp(Conflict):
    """A person neither opens nor confirms what the system sends."""

    detail = "Pesan ini dikirim oleh sistem. Statusnya diperbarui sendiri."


class StopNotFound(NotFound):
    """No such entry of the stop list in the reader's scope (A7)."""

    detail = "Catatan berhenti tidak ditemukan."


class RecipientStopped(Conflict):
    """He asked for no messages, and gets none until that is lifted."""

    detail = (
        "{name} tidak ingin menerima pesan, jadi tidak ada yang dikirim. Berikan dokumennya"
        " langsung, atau cabut dari daftar berhenti bila ia berubah pikiran."
    )


class PaymentNotFound(NotFound):
    """No such payment in the reader's scope (A7)."""

    detail = "Pembayaran tidak ditemukan."


class RecipientNotMobile(Invalid):
    """WhatsApp is offered to Indonesian mobile numbers only."""

    detail = (
        "Nomor {phone} bukan nomor HP Indonesia, jadi WhatsApp tidak dapat dibuka."
        " Perbaiki nomor HP pelanggan, atau unduh PDF dan kirim dengan cara lain."
    )


class VirtualAccountPending(Conflict):
    """Without the number nobody can pay; the bill is sent once the bank has given it."""

    detail = (
        "Nomor VA untuk tagihan {number} belum aktif, jadi pesan belum dapat dibuat."
        " Tagihan tetap tersimpan. Coba lagi setelah VA terbit."
    )


class DocumentPending(Conflict):
    """The paper that the message links to is still being made."""

    detail = "Dokumen untuk {number} masih disiapkan. Coba lagi sebentar lagi."


class OpenedByAnother(Conflict):
    """Two people do not send the same message."""

    detail = "Pesan ini baru saja dibuka {name} di WhatsApp. Lanjutkan ke pesan berikutnya."


class NothingToPay(Conflict):
    """A bill that is paid or void is not asked for."""

    detail = "Tagihan {number} sudah {state}, jadi tidak ada yang perlu dibayar."


class PaymentNotStanding(Conflict):
    """A payment that was taken back or is doubted has no proof to send."""

    detail = "Pembayaran ini sedang diperiksa atau sudah dibalik, jadi buktinya tidak dikirim."


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, and what the links in his messages begin with."""

    company_name: str
    public_base_url: str

    def link(self, path: str) -> str:
        """Make a public link of a path as ``/d/<token>``."""
        return self.public_base_url.rstrip("/") + path

    def signature(self, marketing_name: str) -> str:
        """Sign for the Marketing who looks after the customer."""
        return f"{one_line(marketing_name)}, {one_line(self.company_name)}"


@dataclass(frozen=True, slots=True)
class Bill:
    """What a message about a bill says; ``amount_typed``: the bank does not know the amount."""

    customer_name: str
    number: str
    about: str
    amount: Rupiah
    due_on: date
    virtual_account: str
    holder_name: str
    link: str
    signature: str
    amount_typed: bool = False

    def values(self, language: Language, today: date | None = None) -> dict[str, str]:
        """Spell what a template about a bill is filled with; ``today`` counts the days."""
        english = language is Language.ENGLISH
        typed = "Enter *{}* when paying." if english else "Ketik jumlah *{}* saat membayar."
        days = abs((self.due_on - today).days) if today else 0
        return _of_both(self, self.due_on, english=english) | {
            "no": self.number,
            "produk": one_line(self.about),
            "va": self.virtual_account,
            "nama_va": one_line(self.holder_name),
            "petunjuk": typed.format(self.amount) if self.amount_typed else "",
            "hari": str(days),
        }


@dataclass(frozen=True, slots=True)
class Proof:
    """What a message about a payment says; only a ``verified`` one is called a receipt (C11)."""

    customer_name: str
    amount: Rupiah
    paid_on: date
    invoice_numbers: str
    verified: bool
    link: str
    signature: str

    def values(self, language: Language) -> dict[str, str]:
        """Spell what a template about a payment is filled with."""
        english = language is Language.ENGLISH
        about = "for invoice *{}*" if english else "untuk tagihan *{}*"
        return _of_both(self, self.paid_on, english=english) | {
            "untuk": about.format(self.invoice_numbers) if self.invoice_numbers else "",
            "bukti": _PAPERS[language, self.verified],
        }


_PAPERS = {
    (Language.INDONESIAN, True): "Kwitansi",
    (Language.INDONESIAN, False): "Bukti bayar sementara (menunggu konfirmasi bank)",
    (Language.ENGLISH, True): "Receipt",
    (Language.ENGLISH, False): "Provisional proof (awaiting the bank's confirmation)",
}


def _of_both(about: Bill | Proof, day: date, *, english: bool) -> dict[str, str]:
    name = one_line(about.customer_name)
    return {
        "sapaan": salutation(name),
        "nama": name,
        "jumlah": str(about.amount),
        "tanggal": long_date(day, english=english),
        "tautan": about.link,
        "pengirim": about.signature,
    }


def whatsapp_address(recipient: str, text: str) -> str:
    """Make the click-to-chat address; it decodes to exactly ``text``."""
    return f"https://wa.me/{recipient.removeprefix('+')}?text={quote(text, safe='')}"


def check_recipient(phone: str) -> None:
    """Let an Indonesian mobile number through.

    Raises:
        RecipientNotMobile: a landline or a foreign number.
    """
    if not is_indonesian_mobile(phone):
        raise RecipientNotMobile(phone=phone, field="phone")


def check_payable(number: str, status: str) -> None:
    """Let a bill through that still wants money.

    Raises:
        NothingToPay: it is paid or cancelled.
    """
    state = {"paid": "lunas", "cancelled": "dibatalkan"}.get(status)
    if state is not None:
        raise NothingToPay(number=number, state=state)
