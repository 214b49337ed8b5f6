"""Surat pembatalan: tells who holds a receipt that its payment was taken back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reporting.domain.facts import CustomerFacts, PaymentFacts
from reporting.domain.papers.base import (
    Addressee,
    Band,
    Imprint,
    Paper,
    Signature,
    Sum,
    addressee,
    seller,
)
from reporting.domain.papers.receipt import Use, method, uses_of, why_void
from reporting.domain.spelling import long_day, moment, money
from reporting.domain.words import rupiah_in_words
from shared.clock import business_day


@dataclass(frozen=True, kw_only=True)
class ReversalPaper(Paper):
    """A letter: which receipt is void, why, and what is owed again."""

    addressee: Addressee
    facts: tuple[tuple[str, str], ...]
    opening: str
    details: tuple[tuple[str, str], ...]
    uses: tuple[Use, ...]
    amount: int
    words: str
    after: tuple[Sum, ...]
    notes: tuple[str, ...]
    signature: Signature


@dataclass(frozen=True, slots=True)
class Reversal:
    """What a letter is made of: the payment, the receipt it voids, what is owed now."""

    payment: PaymentFacts
    customer: CustomerFacts
    receipt_heading: str
    receipt_number: str
    unpaid_idr: int


def essentials(payment: PaymentFacts) -> dict[str, Any]:
    """Give what a letter stands for: when it changes, the paper needs a new revision."""
    return {"live": payment.live, "amount_idr": payment.amount_idr}


def reversal_paper(reversal: Reversal, imprint: Imprint) -> ReversalPaper:
    """Write the letter; one whose payment counts again withdraws itself."""
    payment, customer = reversal.payment, reversal.customer
    receipt = f"{reversal.receipt_heading} {reversal.receipt_number}"
    today = business_day(imprint.at)
    withdrawn = Band("void", "DICABUT", f"pembayaran ini berlaku lagi, begitu juga {receipt}")
    return ReversalPaper(
        template="reversal",
        title=f"Surat pembatalan {imprint.number} {customer.name}",
        description=f"Pembatalan {receipt}",
        created=imprint.created,
        number=imprint.number,
        revision=imprint.shown_revision,
        company=imprint.company,
        footer=imprint.number,
        band=withdrawn if payment.live else None,
        addressee=addressee("Kepada", customer),
        facts=(
            ("Tanggal surat", long_day(today)),
            ("No. pelanggan", customer.number),
            ("Marketing", seller(customer)),
        ),
        opening=(
            f"Pembayaran di bawah ini kami batalkan dalam pembukuan. {receipt} tidak berlaku lagi "
            f"sejak {long_day(today)} dan tidak dapat dipakai sebagai bukti pembayaran."
        ),
        details=_details(payment, receipt),
        uses=uses_of(payment),
        amount=payment.amount_idr,
        words=rupiah_in_words(payment.amount_idr),
        after=(Sum(f"Sisa kewajiban per {long_day(today)}", reversal.unpaid_idr),),
        notes=(
            "Tagihan yang tadinya dibayar dengan uang ini terbuka lagi.",
            f"Merasa sudah membayar? Hubungi {imprint.company.contact} dengan bukti dari bank.",
        ),
        proof=imprint.proof,
        signature=imprint.signature("Hormat kami,"),
    )


def _details(payment: PaymentFacts, receipt: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Dokumen yang batal", receipt),
        ("Jumlah", money(payment.amount_idr)),
        ("Cara bayar", method(payment)),
        ("Waktu diterima", moment(payment.paid_at)),
        ("Alasan", why_void(payment)),
    )
