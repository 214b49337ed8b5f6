"""Papers over HTTP: in the reader's scope, or by a link without signing in."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path, Query

from reporting.api import views
from reporting.api.office import Desks, PdfResponse
from reporting.api.recaps import From, Marketing, To, this_month
from reporting.domain.period import Group
from reporting.handlers import papers, proofs, recaps, reversals
from reporting.store import documents
from reporting.store.recaps import Range
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

Revision = Annotated[int | None, Query(ge=1, le=10_000)]
"""An older revision, printed as a copy; without it the newest."""


@router.get("/api/v1/documents")
async def list_documents(
    session: Transaction,
    invoice_id: UUID | None = None,
    payment_id: UUID | None = None,
    customer_id: UUID | None = None,
) -> views.DocumentList:
    """List issued documents, the newest first."""
    listed = await documents.listed(
        session, invoice_id=invoice_id, payment_id=payment_id, customer_id=customer_id
    )
    now = session.clock.now()
    items = []
    for document, link in listed:
        alive = link if link and link.opens(now) else None
        items.append(
            views.DocumentItem(
                **document.model_dump(exclude={"issued_at"}),
                link_path=alive.path if alive else None,
                expires_at=alive.expires_at if alive else None,
                opened=link.opened if link else 0,
                created_at=document.issued_at,
            )
        )
    return views.DocumentList(items=items)


@router.get("/api/v1/documents/invoices/{invoice_id}.pdf", response_class=PdfResponse)
async def print_invoice(
    invoice_id: UUID, session: Transaction, office: Desks, revision: Revision = None
) -> PdfResponse:
    """Print a bill."""
    sheet = await papers.invoice_sheet(office.desk, session, invoice_id, revision)
    return PdfResponse(sheet, office.printer)


@router.get("/api/v1/documents/receipts/{payment_id}.pdf", response_class=PdfResponse)
async def print_receipt(
    payment_id: UUID, session: Transaction, office: Desks, revision: Revision = None
) -> PdfResponse:
    """Print a Kwitansi, or before the bank's confirmation a Bukti bayar sementara (C11)."""
    sheet = await papers.receipt_sheet(office.desk, session, payment_id, revision)
    return PdfResponse(sheet, office.printer)


@router.get("/api/v1/documents/reversals/{payment_id}.pdf", response_class=PdfResponse)
async def print_letter(payment_id: UUID, session: Transaction, office: Desks) -> PdfResponse:
    """Print the letter that a payment was taken back."""
    return PdfResponse(await reversals.letter_sheet(session, payment_id), office.printer)


@router.get("/api/v1/documents/recaps/customers/{customer_id}.pdf", response_class=PdfResponse)
async def print_customer(customer_id: UUID, session: Transaction, office: Desks) -> PdfResponse:
    """Print one customer's statement."""
    sheet = await papers.customer_sheet(office.desk, session, customer_id)
    return PdfResponse(sheet, office.printer)


@router.get("/api/v1/documents/recaps/marketing.pdf", response_class=PdfResponse)
async def print_marketing(
    session: Transaction,
    office: Desks,
    first: From = None,
    last: To = None,
    marketing_id: Marketing = None,
) -> PdfResponse:
    """Print the recap per Marketing."""
    days = Range(first, last)
    sheet = await recaps.marketing_sheet(office.desk, session, days, marketing_id)
    return PdfResponse(sheet, office.printer)


@router.get("/api/v1/documents/recaps/payments.pdf", response_class=PdfResponse)
async def print_period(
    session: Transaction,
    office: Desks,
    *,
    first: From = None,
    last: To = None,
    group: Group = Group.DAY,
    marketing_id: Marketing = None,
) -> PdfResponse:
    """Print the recap of a period."""
    span = this_month(session, first, last, group)
    sheet = await recaps.period_sheet(office.desk, session, span, marketing_id)
    return PdfResponse(sheet, office.printer)


@router.get("/d/{token}", response_class=PdfResponse)
async def open_link(
    token: Annotated[str, Path(max_length=64)], session: Transaction, office: Desks
) -> PdfResponse:
    """Open a document by its link; the opening is counted."""
    sheet = await papers.linked_sheet(session, token)
    return PdfResponse(sheet, office.printer, unlisted=True)


@router.get("/api/v1/verifications")
async def verify(
    session: Transaction,
    office: Desks,
    number: Annotated[str, Query(max_length=60)] = "",
    code: Annotated[str, Query(max_length=20)] = "",
) -> views.Verification:
    """Tell whoever holds a paper whether it is genuine, its day and amount, and its state."""
    proven = await proofs.prove(office.desk, session, number, code)
    if proven is None:
        return views.Verification(genuine=False)
    document, proof = proven.document, proven.proof
    return views.Verification(
        genuine=True,
        kind=document.kind,
        number=document.number,
        name=proof.masked_name,
        dated_on=proof.proven_on,
        amount_idr=proof.amount_idr,
        state=document.state,
        revision=proof.revision,
        newest_revision=document.revision,
    )
