"""Messages to customers: their words, their address, and when there is nothing to send yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote

from notification.domain.spelling import addressed, long_date, one_line
from shared.errors import Conflict, Invalid, NotFound
from shared.money import Rupiah
from shared.phones import is_indonesian_mobile


class Template(StrEnum):
    """What a message is about."""

    INVOICE = "invoice"
    RECEIPT = "receipt"


class InvoiceNotFound(NotFound):
    """No such bill in the reader's scope (A7)."""

    detail = "Tagihan tidak ditemukan."


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


def bill_text(bill: Bill) -> str:
    """Write the message that asks for a payment."""
    typed = f" Ketik jumlah *{bill.amount}* saat membayar." if bill.amount_typed else ""
    lines = (
        f"Yth. {_greeted(bill.customer_name)},",
        f"Tagihan *{bill.number}* untuk {one_line(bill.about)} sebesar *{bill.amount}*"
        f" jatuh tempo *{long_date(bill.due_on)}*.",
        f"Bayar ke VA BNI *{bill.virtual_account}* a.n. {one_line(bill.holder_name)}.{typed}",
        f"Rincian & PDF: {bill.link}",
        "Abaikan bila sudah membayar. Terima kasih.",
        bill.signature,
    )
    return "\n".join(lines)


def proof_text(proof: Proof) -> str:
    """Write the message that thanks for a payment."""
    invoices = f" untuk tagihan *{proof.invoice_numbers}*" if proof.invoice_numbers else ""
    paper = "Kwitansi" if proof.verified else "Bukti bayar sementara (menunggu konfirmasi bank)"
    lines = (
        f"Yth. {_greeted(proof.customer_name)},",
        f"Pembayaran *{proof.amount}* tanggal *{long_date(proof.paid_on)}*{invoices}"
        " sudah kami terima.",
        f"{paper}: {proof.link}",
        "Terima kasih.",
        proof.signature,
    )
    return "\n".join(lines)


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


def _greeted(name: str) -> str:
    return addressed(one_line(name))
