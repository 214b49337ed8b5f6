"""Bukti bayar sementara and Kwitansi: two levels of proof (documents.md section 4, C11)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from reporting.domain.facts import CustomerFacts, PaymentFacts
from reporting.domain.papers.base import Band, Imprint, Paper, Signature, Sum
from reporting.domain.spelling import long_day, masked, moment
from reporting.domain.words import rupiah_in_words
from shared.clock import business_day

STAMP_DUTY_ABOVE_IDR = 5_000_000
"""A receipt that acknowledges more needs a meterai of Rp10.000 (UU 10/2020 art. 3)."""

CHANNELS = {"bni_va": "Virtual Account BNI", "bank_transfer": "Transfer bank"}

_CREDIT = "Titipan untuk tagihan berikutnya"


@dataclass(frozen=True, slots=True)
class Use:
    """What a part of the payment was used for."""

    text: str
    document: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class ReceiptPaper(Paper):
    """A proof of payment. Only a Kwitansi has a signature and, above the limit, a meterai."""

    heading: str
    payer: str
    words: str
    purpose: str
    method: str
    paid_at: str
    amount: int
    meterai: bool
    wait: str
    signature: Signature | None
    uses: tuple[Use, ...]
    after: tuple[Sum, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt is made of; ``unpaid_idr`` is what the customer still owes."""

    payment: PaymentFacts
    customer: CustomerFacts
    unpaid_idr: int


def essentials(payment: PaymentFacts) -> dict[str, Any]:
    """Give what a receipt stands for: when it changes, the paper needs a new revision."""
    return {
        "live": payment.live,
        "amount_idr": payment.amount_idr,
        "disputed": payment.verification == "disputed",
        "uses": [asdict(use) for use in uses_of(payment)],
    }


def state(payment: PaymentFacts) -> str:
    """Say what became of the receipt, as who checks its code reads it."""
    if not payment.live:
        return "reversed"
    return "held" if payment.verification == "disputed" else "valid"


def why_void(payment: PaymentFacts) -> str:
    """Say why a payment counts no more; what was written of it in here may name others (A2)."""
    if payment.verification == "disputed":
        return "bank tidak membenarkan pembayaran ini"
    return "pencatatan pembayaran ini dibetulkan"


def needs_stamp_duty(amount_idr: int) -> bool:
    """Tell whether a receipt of this amount needs a meterai."""
    return amount_idr > STAMP_DUTY_ABOVE_IDR


def receipt_paper(receipt: Receipt, imprint: Imprint, *, official: bool) -> ReceiptPaper:
    """Write a Kwitansi, or while the bank has not confirmed, a Bukti bayar sementara."""
    payment, customer = receipt.payment, receipt.customer
    heading = "Kwitansi" if official else "Bukti bayar sementara"
    uses = uses_of(payment)
    signed = official and payment.live
    meterai = signed and needs_stamp_duty(payment.amount_idr)
    return ReceiptPaper(
        template="receipt",
        title=f"{heading} {imprint.number} {customer.name}",
        description=f"{heading} {_purpose(uses)}",
        created=imprint.created,
        number=imprint.number,
        revision=imprint.shown_revision,
        company=imprint.company,
        footer=imprint.number,
        band=_band(payment, official=official),
        heading=heading,
        payer=customer.name,
        words=rupiah_in_words(payment.amount_idr),
        purpose=_purpose(uses),
        method=method(payment),
        paid_at=moment(payment.paid_at),
        amount=payment.amount_idr,
        meterai=meterai,
        wait="" if signed else _wait(payment),
        proof=imprint.proof,
        signature=imprint.signature("Yang menerima,") if signed else None,
        uses=uses,
        after=(_remaining(receipt, imprint),),
        notes=_notes(receipt, imprint, official=official, meterai=meterai),
    )


def uses_of(payment: PaymentFacts) -> tuple[Use, ...]:
    """Say what a payment was used for; of one that was taken back, what it had been used for."""
    live = [part for part in payment.allocations if not part.reversed or not payment.live]
    uses = [Use(part.invoice_title, part.invoice_number, part.amount_idr) for part in live]
    gone = payment.disposed_idr
    rest = payment.amount_idr - gone - sum(use.amount for use in uses)
    if rest:
        uses.append(Use(_CREDIT, "", rest))
    if gone:
        uses.append(Use("Dikembalikan atau dihapusbukukan", "", gone))
    return tuple(uses)


def _purpose(uses: tuple[Use, ...]) -> str:
    named = [f"{use.text} ({use.document})" for use in uses if use.document]
    if any(use.text == _CREDIT for use in uses):
        named.append("titipan" if named else _CREDIT)
    if not named:
        named.append(uses[0].text)
    if len(named) <= 2:
        return " dan ".join(named)
    return f"{named[0]} dan {len(named) - 1} lainnya (lihat alokasi)"


def method(payment: PaymentFacts) -> str:
    """Say how the money came, with enough of the account to recognise it."""
    channel = CHANNELS.get(payment.channel, payment.channel)
    account = f" {masked(payment.virtual_account)}" if payment.virtual_account else ""
    return f"{channel}{account} · referensi bank {payment.bank_reference}"


def _band(payment: PaymentFacts, *, official: bool) -> Band | None:
    if not payment.live:
        return Band("void", "DIBATALKAN", why_void(payment))
    if payment.verification == "disputed":
        return Band("temp", "DITAHAN", "catatan bank berbeda; pembayaran sedang diperiksa.")
    if not official:
        return Band("temp", "SEMENTARA", "menunggu konfirmasi bank. Bukan kwitansi.")
    return None


def _wait(payment: PaymentFacts) -> str:
    if not payment.live:
        return "Pembayaran ini dibatalkan. Dokumen ini bukan bukti pelunasan."
    return "Belum ditandatangani. Kwitansi bernomor KW terbit setelah bank memastikan dana."


def _remaining(receipt: Receipt, imprint: Imprint) -> Sum:
    label = f"Sisa kewajiban per {long_day(business_day(imprint.at))}"
    return Sum(label, receipt.unpaid_idr)


def _notes(receipt: Receipt, imprint: Imprint, *, official: bool, meterai: bool) -> tuple[str, ...]:
    if not receipt.payment.live:
        return ("Pembatalan ini dijelaskan dalam surat pembatalan bernomor SP.",)
    if not official:
        return (
            "Dokumen ini mencatat pemberitahuan pembayaran dari bank "
            "dan belum menjadi bukti pelunasan.",
        )
    bearer = {"company": "kami", "customer": "Anda"}[imprint.company.stamp_duty_on]
    duty = (f"Bea meterai Rp10.000 ditanggung {bearer}.",) if meterai else ()
    return (
        *duty,
        "Simpan kwitansi ini sebagai bukti pembayaran.",
        "Bila pembayaran dibatalkan bank, kwitansi ini tidak berlaku "
        "dan Anda menerima surat pembatalan bernomor.",
    )
