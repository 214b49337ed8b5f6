"""Tagihan: the bill, in each of its states (documents.md sections 3 and 7)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from reporting.domain.facts import AccountFacts, CustomerFacts, InvoiceFacts, InvoiceLineFacts
from reporting.domain.papers.base import (
    Addressee,
    Band,
    Donut,
    Imprint,
    Paper,
    Proof,
    Signature,
    Sum,
    addressee,
    donut,
    seller,
)
from reporting.domain.position import Position
from reporting.domain.spelling import grouped, long_day, moment, money, short_month
from reporting.domain.words import rupiah_in_words
from shared.clock import business_day

CLOSED = frozenset({"expired", "cancelled", "paid"})
"""States of an account that nobody can pay into any more."""

_EXACTLY = "Jumlahnya harus sama persis."

HOW_TO_PAY = (
    (
        "BNI.",
        "Di aplikasi, ATM, atau internet banking pilih Pembayaran › Virtual Account, "
        "lalu masukkan nomor dalam kotak bayar.",
    ),
    (
        "Bank lain.",
        "Transfer ke BNI (kode 009) dengan nomor virtual account sebagai rekening tujuan. "
        + _EXACTLY,
    ),
    ("Teller.", "Sebutkan nomor virtual account dan nama pemiliknya."),
)

SHARED = {"contract": "nomor tetap kontrak ini", "customer": "nomor tetap pelanggan ini"}
"""What an account is called that serves more than one bill; the payer types the amount."""


@dataclass(frozen=True, slots=True)
class PaymentBox:
    """The box that must be seen first: where to pay, how much, under which rule."""

    headline: str
    bank: str
    account: str
    holder: str
    validity: str
    amount: int
    rule: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What stands in the box when there is nothing to pay, or nowhere to pay it yet."""

    headline: str
    text: str


@dataclass(frozen=True, slots=True)
class BillLine:
    """One row of the bill."""

    text: str
    note: str
    period: str
    amount: int


@dataclass(frozen=True, slots=True)
class Hint:
    """One way to pay."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class InvoicePaper(Paper):
    """A bill on paper. ``late_after`` is the due day while something is owed: see ``on_day``."""

    pay: PaymentBox | None
    notice: Notice | None
    addressee: Addressee
    facts: tuple[tuple[str, str], ...]
    lines: tuple[BillLine, ...]
    sums: tuple[Sum, ...]
    words: str
    how: tuple[Hint, ...]
    position: Donut
    notes: tuple[str, ...]
    proof: Proof | None
    signature: Signature
    late_after: date | None


@dataclass(frozen=True, slots=True)
class Bill:
    """What an invoice paper is made of."""

    invoice: InvoiceFacts
    customer: CustomerFacts
    position: Position


def invoice_paper(bill: Bill, imprint: Imprint) -> InvoicePaper:
    """Write the bill in its present state."""
    invoice, customer = bill.invoice, bill.customer
    payable = payable_account(invoice)
    return InvoicePaper(
        template="invoice",
        title=f"Tagihan {invoice.number} {customer.name}",
        description=f"Tagihan {invoice.title}",
        created=imprint.created,
        number=invoice.number,
        revision=imprint.shown_revision,
        company=imprint.company,
        footer=invoice.number,
        band=_band(invoice),
        pay=_payment_box(invoice, payable) if payable else None,
        notice=None if payable else _notice(invoice),
        addressee=addressee("Kepada", customer),
        facts=_facts(invoice, customer),
        lines=tuple(_bill_line(invoice, line) for line in invoice.lines),
        sums=_sums(invoice),
        words=rupiah_in_words(invoice.unpaid_idr or invoice.total_idr),
        how=_how_to_pay(payable) if payable else (),
        position=_donut(bill),
        notes=_notes(bill, imprint),
        proof=imprint.proof,
        signature=imprint.signature("Hormat kami,"),
        late_after=invoice.due_on if invoice.unpaid_idr else None,
    )


def on_day(paper: dict[str, Any], today: date) -> dict[str, Any]:
    """Mark a frozen bill that is late on the day it is printed; the rest stays as it is."""
    due_on = date.fromisoformat(paper["late_after"]) if paper["late_after"] else today
    if today <= due_on:
        return paper
    text = "jumlah di bawah belum kami terima"
    if any(line["amount"] < 0 for line in paper["sums"]):
        text = "sebagian sudah dibayar; jumlah di bawah menunjukkan kekurangannya"
    band = Band("late", f"LEWAT JATUH TEMPO {(today - due_on).days} HARI", text)
    headline = {"headline": f"Segera bayar; jatuh tempo {long_day(due_on)}"}
    pay = {**paper["pay"], **headline} if paper["pay"] else None
    return {**paper, "band": asdict(band), "pay": pay}


def essentials(invoice: InvoiceFacts) -> dict[str, Any]:
    """Give what a bill stands for: when it changes, the paper needs a new revision."""
    account = payable_account(invoice)
    return {
        "status": invoice.present_status,
        "total_idr": invoice.total_idr,
        "paid_idr": invoice.paid_idr,
        "due_on": invoice.due_on,
        "lines": [asdict(line) for line in invoice.lines],
        "cancel_reason": invoice.cancel_reason,
        "account": _essential(account) if account else None,
        "receipts": invoice.receipts if not invoice.unpaid_idr else (),
    }


def settled(invoice: InvoiceFacts) -> bool:
    """Tell whether the bill's state will stay for a while, so that it may be frozen.

    While the bank opens or changes the account, it will not.
    """
    if invoice.status == "draft":
        return False
    if not invoice.unpaid_idr or payable_account(invoice):
        return True
    return invoice.account is not None and invoice.account.status in CLOSED


def payable_account(invoice: InvoiceFacts) -> AccountFacts | None:
    """Give the account that takes what is owed; None while there is none.

    One that serves this bill alone must ask for exactly the rest; the others take any part of it.
    """
    account = invoice.account
    if not invoice.unpaid_idr or account is None or not account.number:
        return None
    fits = account.mode in SHARED or account.amount_idr == invoice.unpaid_idr
    return account if fits and account.status == "active" else None


def _essential(account: AccountFacts) -> list[Any]:
    """Leave out until when a shared account lives: it outlives the bill."""
    if account.mode in SHARED:
        return [account.number, account.holder_name, account.mode]
    return [account.number, account.holder_name, account.expires_at]


def _how_to_pay(account: AccountFacts) -> tuple[Hint, ...]:
    if account.mode not in SHARED:
        return tuple(Hint(*way) for way in HOW_TO_PAY)
    typed = "Ketik sendiri jumlah yang tertulis di kotak bayar."
    return tuple(Hint(name, text.replace(_EXACTLY, typed)) for name, text in HOW_TO_PAY)


def _band(invoice: InvoiceFacts) -> Band | None:
    status = invoice.present_status
    if status == "cancelled":
        return Band("void", "DIBATALKAN", invoice.cancel_reason or "tagihan ini tidak berlaku")
    if status == "paid":
        on = long_day(business_day(invoice.last_paid_at)) if invoice.last_paid_at else ""
        return Band("paid", "LUNAS", f"dibayar penuh {on}".rstrip())
    if status == "partially_paid":
        text = f"sudah dibayar {money(invoice.paid_idr)}, kurang {money(invoice.unpaid_idr)}"
        return Band("part", "SEBAGIAN LUNAS", text)
    return None


def _payment_box(invoice: InvoiceFacts, account: AccountFacts) -> PaymentBox:
    until = f"berlaku sampai {moment(account.expires_at)}" if account.expires_at else ""
    shared = SHARED.get(account.mode)
    return PaymentBox(
        headline=f"Bayar sebelum {long_day(invoice.due_on)}",
        bank="Virtual Account BNI",
        account=grouped(account.number or ""),
        holder=account.holder_name,
        validity=shared or until,
        amount=invoice.unpaid_idr,
        rule="ketik jumlah ini saat membayar" if shared else "harus tepat sejumlah ini",
    )


def _notice(invoice: InvoiceFacts) -> Notice:
    status = invoice.present_status
    if status == "paid":
        receipts = ", ".join(invoice.receipts)
        proof = f" Kwitansi: {receipts}." if receipts else ""
        return Notice("Terima kasih, tagihan ini lunas", f"Tidak ada yang perlu dibayar.{proof}")
    if status in {"cancelled", "draft"}:
        return Notice("Jangan dibayar", "Tagihan ini tidak berlaku.")
    closed = invoice.account is not None and invoice.account.status in CLOSED
    reason = "sudah ditutup" if closed else "sedang disiapkan bank"
    return Notice(
        f"Jumlah yang harus dibayar {money(invoice.unpaid_idr)}",
        f"Nomor virtual account {reason}. Mintalah tagihan ini sekali lagi sebelum membayar.",
    )


def _facts(invoice: InvoiceFacts, customer: CustomerFacts) -> tuple[tuple[str, str], ...]:
    return (
        ("Tanggal terbit", long_day(business_day(invoice.issued_at))),
        ("Jatuh tempo", long_day(invoice.due_on)),
        ("No. pelanggan", customer.number),
        ("Marketing", seller(customer)),
    )


def _bill_line(invoice: InvoiceFacts, line: InvoiceLineFacts) -> BillLine:
    note = f"{line.quantity} × {money(line.unit_price_idr)}" if line.quantity > 1 else ""
    return BillLine(line.description, note, short_month(invoice.due_on), line.amount_idr)


def _sums(invoice: InvoiceFacts) -> tuple[Sum, ...]:
    if invoice.present_status == "partially_paid":
        return (
            Sum("Total tagihan", invoice.total_idr),
            Sum("Sudah dibayar", -invoice.paid_idr),
            Sum("Sisa yang harus dibayar", invoice.unpaid_idr, total=True),
        )
    label = "Total yang harus dibayar" if invoice.unpaid_idr else "Total tagihan"
    return (Sum(label, invoice.total_idr, total=True),)


def _donut(bill: Bill) -> Donut:
    rest = bill.position.unpaid_idr - bill.invoice.unpaid_idr
    here = [("Tagihan ini", bill.invoice.unpaid_idr)] if bill.invoice.unpaid_idr else []
    labelled = [("Terbayar", bill.position.paid_idr), *here, ("Sisa", rest)]
    return donut(labelled, "Posisi cicilan")


def _notes(bill: Bill, imprint: Imprint) -> tuple[str, ...]:
    contact = f"Ada yang keliru? Hubungi {imprint.company.contact} sebelum membayar."
    if not bill.invoice.unpaid_idr:
        return (contact.replace(" sebelum membayar", ""),)
    late_here = bill.invoice.days_late(business_day(imprint.at)) > 0
    arrears = bill.position.overdue_idr - (bill.invoice.unpaid_idr if late_here else 0)
    notes = ["Pembayaran tercatat otomatis dalam beberapa menit."]
    notes.append("Kwitansi terbit setelah bank memastikan dana.")
    if arrears > 0:
        notes.insert(0, f"Tunggakan sebelumnya (lihat rekap): {money(arrears)}, belum termasuk.")
    return (*notes, contact)
