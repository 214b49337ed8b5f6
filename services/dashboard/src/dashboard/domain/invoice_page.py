"""The page of one bill: where it stands, its virtual account, its steps, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dashboard.domain import status, wording
from dashboard.domain.answers.customers import Customer
from dashboard.domain.answers.invoices import Document, Invoice, Message, VirtualAccount
from dashboard.domain.answers.payments import Payment
from dashboard.domain.happening import Happening
from dashboard.domain.invoice_messages import of_messages
from shared.phones import is_indonesian_mobile

OPEN = {"issued", "partially_paid"}
_SHARED = {
    "contract": "Nomor ini tetap untuk semua angsuran kontrak ini; boleh dibayar bertahap.",
    "customer": "Nomor ini tetap untuk semua tagihan pelanggan ini; boleh dibayar berapa pun.",
}
NO_VA = VirtualAccount(status="requested")


@dataclass(frozen=True, slots=True)
class Note:
    """What happened, what it means for the money, what to do."""

    tone: str
    icon: str
    title: str
    text: str
    retry: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step from issuing to sending."""

    word: str
    tone: str
    icon: str
    at: datetime | None = None
    busy: bool = False


@dataclass(frozen=True)
class Evidence:
    """What the services know about one bill."""

    invoice: Invoice
    customer: Customer | None = None
    account: VirtualAccount | None = None
    messages: Sequence[Message] = ()
    documents: Sequence[Document] = ()
    payments: Sequence[Payment] = ()


@dataclass(frozen=True, slots=True)
class InvoiceView:
    """Everything the page shows beside the bill itself."""

    mark: status.Mark
    answer_idr: int
    answer_words: str
    customer_id: UUID | None
    customer_name: str
    due_note: str
    va: VirtualAccount
    va_mark: status.Mark
    va_number: str | None
    va_amount: str
    va_shared: str
    va_note: Note | None
    steps: tuple[Step, ...]
    timeline: tuple[Happening, ...]
    message: Message | None
    link: str | None
    pdf: str
    sendable: bool
    whatsapp_trouble: str
    cancellable: bool
    waiting: bool


def view_of(evidence: Evidence, today: date, public_url: str) -> InvoiceView:
    """Put the page together."""
    invoice = evidence.invoice
    account = evidence.account or invoice.virtual_account or NO_VA
    opened = [one for one in evidence.messages if one.opened_at and one.kind == "invoice"]
    message = max(opened, key=_message_time, default=None)
    paper = next((d for d in evidence.documents if d.kind == "invoice"), None)
    is_open = invoice.status in OPEN
    settled = invoice.status in {"paid", "cancelled"}
    return InvoiceView(
        mark=status.invoice(invoice.status, invoice.due_on, invoice.outstanding_idr, today),
        answer_idr=invoice.outstanding_idr if is_open else invoice.total_idr,
        answer_words=_answer_words(invoice.status),
        customer_id=invoice.customer.id if invoice.customer else None,
        customer_name=invoice.customer.name if invoice.customer else "pelanggan",
        due_note=wording.days_away(invoice.due_on, today) if is_open else "",
        va=account,
        va_mark=status.VIRTUAL_ACCOUNT.get(account.status, status.UNKNOWN),
        va_number=account.number,
        va_amount=_va_amount(invoice, account),
        va_shared=_SHARED.get(account.mode, ""),
        va_note=_va_note(account) if is_open else None,
        steps=_steps(invoice, account, paper, message),
        timeline=tuple(_timeline(evidence)),
        message=message,
        link=f"{public_url.rstrip('/')}{paper.link_path}" if paper and paper.link_path else None,
        pdf=f"/api/v1/documents/invoices/{invoice.id}.pdf",
        sendable=is_open,
        whatsapp_trouble=_whatsapp_trouble(evidence.customer, account),
        cancellable=invoice.status in {"draft", "issued"},
        waiting=not settled and (account.status in {"requested", "unknown"} or paper is None),
    )


def _answer_words(state: str) -> str:
    words = {
        "paid": "sudah dibayar oleh",
        "cancelled": "dibatalkan, semula untuk",
        "draft": "belum terbit, untuk",
        "partially_paid": "masih kurang dari",
    }
    return words.get(state, "belum dibayar oleh")


def _va_amount(invoice: Invoice, account: VirtualAccount) -> str:
    if account.mode not in _SHARED:
        return f"{wording.money(account.amount_idr)}, harus tepat"
    return f"{wording.money(invoice.outstanding_idr)}, diketik saat membayar"


def _va_note(account: VirtualAccount) -> Note | None:
    if account.status == "failed":
        trouble = (account.trouble or "Bank menolak permintaan").rstrip(".")
        text = f"{trouble}. Tagihan tetap tersimpan. Coba lagi, atau perbaiki datanya dulu."
        return Note("error", "circle-x", "VA belum dibuat", text, retry=account.id is not None)
    if account.status == "unknown":
        text = "Bank belum memberi kepastian. Tagihan tetap tersimpan; jangan buat VA lain."
        return Note("warning", "circle-question-mark", "Sedang dipastikan ke bank", text)
    if account.status == "requested":
        title = "Menunggu jawaban bank" if account.trouble else "VA sedang dibuat"
        trouble = f"{account.trouble.rstrip('.')}. " if account.trouble else ""
        text = f"{trouble}Tagihan tetap tersimpan. Sistem mencoba ulang dengan sendirinya."
        return Note("info", "clock", title, text)
    if account.status == "expired":
        text = "Uang yang masuk terlambat tetap tercatat. Terbitkan ulang VA lewat Admin."
        return Note("warning", "timer-off", "Masa berlaku VA sudah habis", text)
    return None


def _steps(
    invoice: Invoice, account: VirtualAccount, paper: Document | None, message: Message | None
) -> tuple[Step, ...]:
    if invoice.status == "cancelled":
        return (_done("Tagihan terbit", invoice.issued_at), Step("Dibatalkan", "muted", "ban"))
    return (
        _done("Tagihan terbit", invoice.issued_at),
        _va_step(account),
        _done("PDF siap", paper.created_at) if paper else _busy("Membuat PDF"),
        _done("WhatsApp dibuka", message.at)
        if message
        else Step("Kirim WhatsApp", "muted", "circle"),
    )


def _va_step(account: VirtualAccount) -> Step:
    if account.status == "failed":
        return Step("VA gagal dibuat", "error", "circle-x")
    if account.status == "unknown":
        return _busy("VA sedang dipastikan ke bank")
    if account.status == "requested":
        return _busy("Membuat VA di BNI")
    return _done("VA aktif di BNI" if account.status == "active" else "VA dibuat di BNI", None)


def _done(word: str, at: datetime | None) -> Step:
    return Step(word, "success", "circle-check", at)


def _busy(word: str) -> Step:
    return Step(word, "primary", "circle-dashed", busy=True)


def _timeline(evidence: Evidence) -> list[Happening]:
    """Tell the newest first; of one moment, what followed from the other."""
    invoice = evidence.invoice
    events = [_of_payment(payment, invoice) for payment in evidence.payments]
    events += of_messages(evidence.messages)
    account = evidence.account
    if account and account.extended_at and account.expires_at:
        text = f"VA diperpanjang sampai {wording.moment(account.expires_at)}"
        events.append(Happening(account.extended_at, "info", "calendar-check", text, "bank"))
    if invoice.issued_at:
        events.append(
            Happening(invoice.issued_at, "primary", "receipt-text", "Tagihan terbit", "sistem")
        )
    return sorted(events, key=lambda one: one.at, reverse=True)


def _of_payment(payment: Payment, invoice: Invoice) -> Happening:
    part = sum(p.amount_idr for p in payment.live_allocations if p.invoice_id == invoice.id)
    mark = status.payment(payment.status, payment.verification)
    amount = wording.money(part or payment.amount_idr)
    text = f"Pembayaran {amount}: {mark.word.lower()}."
    link = "Kwitansi" if payment.has_receipt else "Bukti bayar sementara"
    address = f"/api/v1/documents/receipts/{payment.id}.pdf"
    if payment.status == "reversed":
        return Happening(payment.paid_at, mark.tone, mark.icon, text, "bank")
    if invoice.issued_at and payment.paid_at < invoice.issued_at:
        paid = wording.moment(payment.paid_at)
        text = f"Titipan {amount} dari pembayaran {paid} membayar tagihan ini."
        return Happening(invoice.issued_at, "accent", "piggy-bank", text, "sistem", address, link)
    if part and part < payment.amount_idr:
        text = f"{text} Bagian dari {wording.money(payment.amount_idr)}."
    return Happening(payment.paid_at, mark.tone, "banknote", text, "bank", address, link)


def _whatsapp_trouble(customer: Customer | None, account: VirtualAccount) -> str:
    if customer is None:
        return "Data pelanggan belum dapat dimuat. Muat ulang halaman ini."
    if not customer.phone.startswith("+") or not is_indonesian_mobile(customer.phone):
        return "Nomornya bukan HP Indonesia, jadi WhatsApp tidak dapat dibuka. Unduh PDF-nya."
    if account.number is None:
        return "Tunggu sampai nomor VA tersedia, supaya pelanggan tahu ke mana membayar."
    return ""


def _message_time(message: Message) -> float:
    return message.at.timestamp() if message.at else 0.0
