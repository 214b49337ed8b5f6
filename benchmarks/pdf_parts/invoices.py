"""One-page invoices as reporting stores them, no two of them alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from reporting.domain.facts import AccountFacts, CustomerFacts, InvoiceFacts, InvoiceLineFacts
from reporting.domain.papers.base import Company, Imprint, Proof, snapshot
from reporting.domain.papers.invoice import Bill, invoice_paper
from reporting.domain.position import Owed, position
from reporting.domain.proof import proof_code

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
DUE = date(2026, 12, 10)
COMPANY = Company(
    name="PT Kavling Pakuan Asri",
    lines=("Jl. Pajajaran No. 88, Bogor 16143", "0251-555-0188", "tagihan@kavlingpakuan.example"),
    place="Bogor",
    contact="0811-0555-088",
    signer_name="Siti Rahmawati",
    signer_role="Kepala Keuangan",
)
FIRST = ("Mahmud", "Siti", "Agus", "Ratna", "Dedi", "Yuliana", "Hendra", "Lilis", "Made", "Neneng")
LAST = ("Sulaiman", "Aminah", "Setiawan", "Lestari", "Kurniawan", "Tan", "Gunawan", "Suryani")


def invoices(first: int, count: int) -> list[dict[str, Any]]:
    """Write the papers of ``count`` bills, from the ``first`` number on."""
    return [_paper(number) for number in range(first + 1, first + count + 1)]


def _paper(no: int) -> dict[str, Any]:
    number, total = f"INV/2026/12/{no:06d}", 750_000 + no * 1_250
    code = proof_code(b"k" * 32, number, total, DUE, 1)
    url = f"https://bayar.kavlingpakuan.example/v/{number}?k={code}"
    proof = Proof(number=number, code=code, url=url, short="bayar.kavlingpakuan.example/v")
    imprint = Imprint(company=COMPANY, number=number, revision=1, at=AT, proof=proof)
    customer = _customer(no)
    owed = [Owed(customer.id, DUE, total, 0, invoiced=True)]
    owed += [Owed(customer.id, DUE, total, total, invoiced=True)] * (no % 12)
    owed += [Owed(customer.id, date(2027, 1, 10), total * 20, 0, invoiced=False)]
    bill = Bill(_invoice(no, number, total), customer, position(owed, AT.date()))
    return snapshot(invoice_paper(bill, imprint))


def _customer(no: int) -> CustomerFacts:
    return CustomerFacts(
        id=UUID(int=no),
        number=f"PLG-{no:06d}",
        name=f"{'Bapak' if no % 2 else 'Ibu'} {FIRST[no % 10]} {LAST[no % 8]}",
        phone=f"+62856110{no:05d}",
        address=f"Perum Taman Cimanggu Blok D{no % 40} No. {no % 30 + 1}\nBogor, Jawa Barat",
        email=None,
        status="active",
        registered_at=AT,
        marketing_id=UUID(int=1),
        marketing_name="Bapak Wawan",
        marketing_phone="+628129000417",
    )


def _invoice(no: int, number: str, total: int) -> InvoiceFacts:
    title = f"Angsuran ke-{no % 24 + 1} dari 24, Kavling {'ABCD'[no % 4]}-{no % 60 + 1:02d}"
    line = InvoiceLineFacts(description=title, quantity=1, unit_price_idr=total, amount_idr=total)
    account = AccountFacts(
        id=UUID(int=no),
        invoice_id=UUID(int=no),
        number=f"98880312{no:08d}",
        holder_name=f"{FIRST[no % 10]} {LAST[no % 8]}".upper(),
        status="active",
        amount_idr=total,
        expires_at=AT + timedelta(days=20),
        trouble=None,
    )
    return InvoiceFacts(
        id=UUID(int=no),
        customer_id=UUID(int=no),
        number=number,
        title=title,
        status="issued",
        issued_at=AT,
        due_on=DUE,
        total_idr=total,
        paid_idr=0,
        last_paid_at=None,
        cancel_reason=None,
        booking_id=None,
        plan_id=None,
        plan_line_no=None,
        lines=(line,),
        account=account,
    )
