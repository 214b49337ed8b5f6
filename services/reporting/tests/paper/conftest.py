"""One customer with bills and payments, as facts, for the papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest

from reporting.domain.customer_recap import CustomerRecap, customer_recap
from reporting.domain.facts import (
    AccountFacts,
    AllocationFacts,
    CustomerFacts,
    Dossier,
    InvoiceFacts,
    InvoiceLineFacts,
    PaymentFacts,
    PlanFacts,
    PlanLineFacts,
)
from reporting.domain.papers.base import Company, Imprint, Proof

AT = datetime(2026, 11, 23, 7, 5, tzinfo=UTC)
TODAY = date(2026, 11, 23)

CUSTOMER = CustomerFacts(
    id=UUID(int=1),
    number="PLG-000042",
    name="Bapak Mahmud Sulaiman",
    phone="+628561101133",
    address="Perum Taman Cimanggu Blok D2 No. 7\nBogor, Jawa Barat",
    email=None,
    status="active",
    registered_at=AT,
    marketing_id=UUID(int=11),
    marketing_name="Bapak Wawan",
    marketing_phone="+628129000417",
)
COMPANY = Company(
    name="PT Kavling Pakuan Asri",
    lines=("Jl. Pajajaran No. 88, Bogor 16143", "0251-555-0188"),
    place="Bogor",
    contact="0811-0555-088",
    signer_name="Siti Rahmawati",
    signer_role="Kepala Keuangan",
)


def imprint(number: str, revision: int = 1) -> Imprint:
    url = f"http://localhost:8000/v/{number}?k=4F7A-2C91"
    proof = Proof(number=number, code="4F7A-2C91", url=url, short="localhost:8000/v")
    return Imprint(company=COMPANY, number=number, revision=revision, at=AT, proof=proof)


def invoice(number: int = 3, total: int = 1_250_000, paid: int = 0, **more: object) -> InvoiceFacts:
    """A bill whose account takes what is unpaid, unless said otherwise."""
    title = str(more.pop("title", f"Angsuran ke-{number} dari 20, Kavling B-12"))
    line = InvoiceLineFacts(description=title, quantity=1, unit_price_idr=total, amount_idr=total)
    account = AccountFacts(
        id=UUID(int=50 + number),
        invoice_id=UUID(int=100 + number),
        number="9888031234567890",
        holder_name="MAHMUD SULAIMAN",
        status="active",
        amount_idr=total - paid,
        expires_at=AT + timedelta(days=20),
        trouble=None,
    )
    facts = InvoiceFacts(
        id=UUID(int=100 + number),
        customer_id=CUSTOMER.id,
        number=f"INV/2026/12/{number:06d}",
        title=title,
        status="issued",
        issued_at=AT,
        due_on=date(2026, 12, 10),
        total_idr=total,
        paid_idr=paid,
        last_paid_at=AT if paid else None,
        cancel_reason=None,
        booking_id=UUID(int=7),
        plan_id=UUID(int=8),
        plan_line_no=number + 1,
        lines=(line,),
        account=account,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def payment(
    amount: int, parts: dict[InvoiceFacts, int], disposed: int = 0, **more: object
) -> PaymentFacts:
    """A payment with its allocations."""
    allocations = tuple(
        AllocationFacts(
            id=UUID(int=900 + index),
            payment_id=UUID(int=500),
            invoice_id=bill.id,
            invoice_number=bill.number,
            invoice_title=bill.title,
            amount_idr=part,
            reversed=more.get("status") == "reversed",
        )
        for index, (bill, part) in enumerate(parts.items())
    )
    facts = PaymentFacts(
        id=UUID(int=500),
        customer_id=CUSTOMER.id,
        channel="bni_va",
        virtual_account="9888031234567890",
        bank_reference="123456",
        amount_idr=amount,
        unallocated_idr=amount - sum(parts.values()) - disposed,
        disposed_idr=disposed,
        paid_at=AT,
        received_at=AT,
        status="allocated",
        verification="verified",
        allocations=allocations,
    )
    return replace(facts, **more)  # type: ignore[arg-type]


def plan(lines: int, issued: int) -> PlanFacts:
    """A down payment of Rp400.000 and monthly parts of Rp1.250.000."""
    return PlanFacts(
        id=UUID(int=8),
        booking_id=UUID(int=7),
        booking_number="BKG/2026/000017",
        kind="installment",
        title="Kavling B-12, Bukit Pakuan",
        lines=tuple(
            PlanLineFacts(
                plan_id=UUID(int=8),
                no=no,
                kind="down_payment" if no == 1 else "installment",
                label="",
                due_on=date(2026 + (8 + no) // 12, (8 + no) % 12 + 1, 10),
                amount_idr=400_000 if no == 1 else 1_250_000,
                invoice_id=None,
                lapsed=False,
                future=no > issued,
            )
            for no in range(1, lines + 1)
        ),
    )


def recap(*invoices: InvoiceFacts, **more: object) -> CustomerRecap:
    """The customer's recap with these bills."""
    empty = {"payments": (), "plans": (), "bookings": (), "accounts": ()}
    dossier = Dossier(customer=CUSTOMER, invoices=invoices, **(empty | more))  # type: ignore[arg-type]
    return customer_recap(dossier, AT, TODAY)


@pytest.fixture(scope="session")
def sample() -> SimpleNamespace:
    """Makers of facts, and the customer they are about."""
    return SimpleNamespace(
        invoice=invoice,
        payment=payment,
        plan=plan,
        recap=recap,
        imprint=imprint,
        customer=CUSTOMER,
        today=TODAY,
        pkp=replace(
            COMPANY, collects_vat=True, lines=(*COMPANY.lines, "NPWP 01.234.567.8-404.000")
        ),
    )
