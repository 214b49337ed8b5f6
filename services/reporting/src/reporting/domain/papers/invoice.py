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
    Signature,
    Sum,
    addressee,
    donut,
    seller,
)
from reporting.domain.papers.paying import (
    CLOSED,
    SHARED,
    Hint,
    Notice,
    PaymentBox,
    how_to_pay,
    notice,
    payable_account,
    payment_box,
)
from reporting.domain.position import Position
from reporting.domain.spelling import long_day, money, short_month
from reporting.domain.vat import Vat, inside
from reporting.domain.words import rupiah_in_words
from shared.clock import business_day


@dataclass(frozen=True, slots=True)
class BillLine:
    """One row of the bill."""

    text: str
    note: str
    period: str
    amount: int


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
    signature: Signature | None
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
    taxed = imprint.company.collects_vat
    vat = inside(invoice.total_idr, business_day(invoice.issued_at)) if taxed else None
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
        pay=payment_box(invoice, payable) if payable else None,
        notice=None if payable else notice(invoice),
        addressee=addressee("Kepada", customer),
        facts=_facts(invoice, customer),
        lines=tuple(_bill_line(invoice, line) for line in invoice.lines),
        sums=_sums(invoice, vat),
        words=rupiah_in_words(invoice.unpaid_idr or invoice.total_idr),
        how=how_to_pay(payable) if payable else (),
        position=_donut(bill),
        notes=_notes(bill, imprint),
        proof=imprint.proof,
        signature=None if invoice.status == "draft" else imprint.signature("Hormat kami,"),
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


def state(invoice: InvoiceFacts) -> str:
    """Say what became of the bill, as who checks its code reads it."""
    return "valid" if invoice.present_status == "issued" else invoice.present_status


def settled(invoice: InvoiceFacts) -> bool:
    """Tell whether the bill's state will stay for a while, so that it may be frozen.

    While the bank opens or changes the account, it will not.
    """
    if invoice.status == "draft":
        return False
    if not invoice.unpaid_idr or payable_account(invoice):
        return True
    return invoice.account is not None and invoice.account.status in CLOSED


def _essential(account: AccountFacts) -> list[Any]:
    """Leave out until when a shared account lives: it outlives the bill."""
    if account.mode in SHARED:
        return [account.number, account.holder_name, account.mode]
    return [account.number, account.holder_name, account.expires_at]


def _band(invoice: InvoiceFacts) -> Band | None:
    status = invoice.present_status
    if status == "draft":
        return Band("draft", "DRAF", "belum terbit dan belum dapat dibayar")
    if status == "cancelled":
        return Band("void", "DIBATALKAN", invoice.cancel_reason or "tagihan ini tidak berlaku")
    if status == "paid":
        on = long_day(business_day(invoice.last_paid_at)) if invoice.last_paid_at else ""
        return Band("paid", "LUNAS", f"dibayar penuh {on}".rstrip())
    if status == "partially_paid":
        text = f"sudah dibayar {money(invoice.paid_idr)}, kurang {money(invoice.unpaid_idr)}"
        return Band("part", "SEBAGIAN LUNAS", text)
    return None


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


def _sums(invoice: InvoiceFacts, vat: Vat | None) -> tuple[Sum, ...]:
    rows = _vat_rows(vat) if vat else ()
    if invoice.present_status != "partially_paid":
        label = "Total yang harus dibayar" if invoice.unpaid_idr else "Total tagihan"
        return (*rows, Sum(label, invoice.total_idr, total=True))
    came, used = invoice.paid_idr - invoice.credit_used_idr, invoice.credit_used_idr
    taken = (("Sudah dibayar", came), ("Titipan dipakai", used))
    return (
        *rows,
        Sum("Total tagihan", invoice.total_idr),
        *(Sum(label, -amount) for label, amount in taken if amount),
        Sum("Sisa yang harus dibayar", invoice.unpaid_idr, total=True),
    )


def _vat_rows(vat: Vat) -> tuple[Sum, ...]:
    base = f" dari DPP nilai lain {money(vat.base_idr)}" if vat.reduced else ""
    price = Sum("Harga sebelum PPN", vat.price_idr)
    return (price, Sum(f"PPN {vat.percent}%{base}", vat.vat_idr))


def _donut(bill: Bill) -> Donut:
    rest = bill.position.unpaid_idr - bill.invoice.unpaid_idr
    here = [("Tagihan ini", bill.invoice.unpaid_idr)] if bill.invoice.unpaid_idr else []
    labelled = [("Terbayar", bill.position.paid_idr), *here, ("Sisa", rest)]
    return donut(labelled, "Posisi cicilan")


def _notes(bill: Bill, imprint: Imprint) -> tuple[str, ...]:
    invoice, company = bill.invoice, imprint.company
    tax = ("Bukan faktur pajak.",) if company.collects_vat else ()
    contact = f"Ada yang keliru? Hubungi {company.contact}"
    if not invoice.unpaid_idr:
        return (*tax, f"{contact}.")
    late_here = invoice.days_late(business_day(imprint.at)) > 0
    arrears = bill.position.overdue_idr - (invoice.unpaid_idr if late_here else 0)
    before = f"Tunggakan sebelumnya (lihat rekap): {money(arrears)}, belum termasuk."
    return (
        *((before,) if arrears > 0 else ()),
        "Pembayaran tercatat otomatis dalam beberapa menit.",
        "Kwitansi terbit setelah bank memastikan dana.",
        *tax,
        f"{contact} sebelum membayar.",
    )
