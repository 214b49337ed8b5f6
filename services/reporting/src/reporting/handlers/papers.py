"""Issuing papers when their facts change, and giving them to who may read them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from reporting.domain.customer_recap import customer_recap
from reporting.domain.facts import CustomerFacts, InvoiceFacts, PaymentFacts
from reporting.domain.freezing import is_token
from reporting.domain.papers import invoice as bills
from reporting.domain.papers import receipt as receipts
from reporting.domain.papers.base import Band, snapshot
from reporting.domain.papers.copying import old_copy
from reporting.domain.papers.customer import customer_paper
from reporting.domain.papers.invoice import Bill, invoice_paper, on_day
from reporting.domain.papers.paying import payable_account
from reporting.domain.papers.receipt import Receipt, receipt_paper
from reporting.domain.position import Position, position
from reporting.domain.spelling import file_name
from reporting.handlers.desk import Desk, Issue, freeze, take_number, unchanged
from reporting.store import documents, dossiers
from reporting.store.documents import Frozen
from reporting.store.dossiers import CustomerNotKnownYet
from shared.database import Session
from shared.errors import NotFound

_CHANGING = Band(
    "temp", "SEMENTARA", "data sedang berubah; mintalah dokumen ini sekali lagi nanti."
)


class DocumentNotFound(NotFound):
    """No such document, or not yours (A7)."""

    detail = "Dokumen tidak ditemukan."


@dataclass(frozen=True)
class Sheet:
    """A paper to print and the name of its file."""

    paper: dict[str, Any]
    file_name: str


async def issue_invoice(desk: Desk, session: Session, invoice_id: UUID) -> None:
    """Freeze the bill's present state, when it is settled and says something new."""
    await documents.lock_subject(session, invoice_id)
    invoice = await dossiers.invoice(session, invoice_id)
    if invoice is None:
        return
    past = await documents.of_invoice(session, invoice_id)
    facts = bills.essentials(invoice)
    first_worth = bool(payable_account(invoice)) or invoice.paid_idr > 0
    if unchanged(past, facts) or not bills.settled(invoice) or not (past or first_worth):
        return
    revision = past.document.revision + 1 if past else 1
    imprint = desk.imprint(session, invoice.number, revision, invoice.total_idr)
    bill = await _bill(session, invoice)
    issue = Issue(
        "invoice",
        bill.customer,
        facts,
        file_name("Tagihan", invoice.number, bill.customer.name),
        invoice.total_idr,
        state=bills.state(invoice),
        invoice_id=invoice_id,
    )
    await freeze(session, issue, past, invoice_paper(bill, imprint))


async def issue_bills_of_account(desk: Desk, session: Session, owner_id: UUID) -> None:
    """Freeze the bills that are paid to an account whose state has changed."""
    for invoice_id in await dossiers.bills_of_account(session, owner_id):
        await issue_invoice(desk, session, invoice_id)


async def issue_receipt(desk: Desk, session: Session, payment_id: UUID) -> None:
    """Freeze the proof of a payment: provisional at once, a Kwitansi once verified (C11)."""
    await documents.lock_subject(session, payment_id)
    payment = await dossiers.payment(session, payment_id)
    if payment is None or payment.customer_id is None:
        return
    official = await documents.of_payment(session, payment_id, "receipt")
    if official or payment.official:
        await _freeze_receipt(desk, session, payment, official)
    elif payment.status != "posted":
        past = await documents.of_payment(session, payment_id, "provisional_receipt")
        await _freeze_receipt(desk, session, payment, past)


async def _freeze_receipt(
    desk: Desk, session: Session, payment: PaymentFacts, past: Frozen | None
) -> None:
    facts = receipts.essentials(payment)
    if unchanged(past, facts):
        return
    official = past.document.kind == "receipt" if past else payment.official
    if past is None and not payment.live:
        return
    series, kind = ("KW", "receipt") if official else ("BB", "provisional_receipt")
    number = past.document.number if past else await take_number(session, series)
    revision = past.document.revision + 1 if past else 1
    imprint = desk.imprint(session, number, revision, payment.amount_idr)
    receipt = await _receipt(session, payment)
    paper = receipt_paper(receipt, imprint, official=official)
    name = file_name(paper.heading, number, receipt.customer.name)
    issue = Issue(
        kind,
        receipt.customer,
        facts,
        name,
        payment.amount_idr,
        state=receipts.state(payment),
        stamp_duty=paper.meterai,
        payment_id=payment.id,
    )
    await freeze(session, issue, past, paper)
    if official and past is None:
        await documents.replace_provisional(session, payment.id)


async def invoice_sheet(
    desk: Desk, session: Session, invoice_id: UUID, revision: int | None = None
) -> Sheet:
    """Give the bill: frozen when that is still true, else as it stands at this moment.

    Of a ``revision`` that a newer one has replaced it gives a marked copy.

    Raises:
        DocumentNotFound: no such invoice, or revision of it, in sight.
    """
    invoice = await dossiers.invoice(session, invoice_id)
    if invoice is None:
        raise DocumentNotFound
    past = await documents.of_invoice(session, invoice_id)
    if revision and (past is None or past.document.revision != revision):
        return await _copy(session, past, revision)
    if past and unchanged(past, bills.essentials(invoice)):
        return sheet_of(session, past)
    bill = await _bill(session, invoice)
    imprint = desk.unrecorded(session, invoice.number)
    paper = snapshot(invoice_paper(bill, imprint))
    if paper["band"] is None:
        paper["band"] = asdict(_CHANGING)
    name = file_name("Tagihan", invoice.number, bill.customer.name)
    return Sheet(on_day(paper, session.clock.today()), name)


async def receipt_sheet(
    desk: Desk, session: Session, payment_id: UUID, revision: int | None = None
) -> Sheet:
    """Give the Kwitansi, or before the bank's confirmation the Bukti bayar sementara.

    Of a ``revision`` that a newer one has replaced it gives a marked copy.

    Raises:
        DocumentNotFound: no such payment in sight, or nobody knows whose it is.
    """
    payment = await dossiers.payment(session, payment_id)
    if payment is None or payment.customer_id is None:
        raise DocumentNotFound
    for kind in ("receipt", "provisional_receipt"):
        frozen = await documents.of_payment(session, payment_id, kind)
        if frozen and revision not in {None, frozen.document.revision}:
            return await _copy(session, frozen, revision)
        if frozen:
            return sheet_of(session, frozen)
    if revision:
        raise DocumentNotFound
    imprint = desk.unrecorded(session, f"BB/{payment.bank_reference}")
    receipt = await _receipt(session, payment)
    paper = receipt_paper(receipt, imprint, official=False)
    return Sheet(snapshot(paper), file_name(paper.heading, imprint.number, receipt.customer.name))


async def customer_sheet(desk: Desk, session: Session, customer_id: UUID) -> Sheet:
    """Give the customer's statement; a new number only when it says something new.

    Raises:
        DocumentNotFound: no such customer in sight.
    """
    dossier = await dossiers.load(session, customer_id)
    if dossier is None:
        raise DocumentNotFound
    await documents.lock_subject(session, customer_id)
    recap = customer_recap(dossier, session.clock.now(), session.clock.today())
    facts = {"today": recap.today, "dossier": asdict(dossier)}
    past = await documents.of_customer(session, customer_id)
    if past and unchanged(past, facts):
        return sheet_of(session, past)
    number = await take_number(session, "RC")
    imprint = desk.imprint(session, number, 1, recap.position.billed_idr)
    name = file_name("Rekap-cicilan", number, dossier.customer.name)
    issue = Issue("customer_recap", dossier.customer, facts, name, recap.position.billed_idr)
    return sheet_of(session, await freeze(session, issue, None, customer_paper(recap, imprint)))


async def linked_sheet(session: Session, token: str) -> Sheet:
    """Give the document of a link.

    Raises:
        DocumentNotFound: the link is unknown, has expired, or was revoked.
    """
    well_formed = is_token(token)
    link = await documents.open_link(session, token) if well_formed else None
    frozen = await documents.of_link(session, link) if link else None
    if frozen is None:
        raise DocumentNotFound
    return sheet_of(session, frozen)


async def _copy(session: Session, newest: Frozen | None, revision: int) -> Sheet:
    """Give a copy of an older revision, marked as one."""
    old = await documents.old_revision(session, newest.document.id, revision) if newest else None
    if newest is None or old is None:
        raise DocumentNotFound
    return Sheet(old_copy(old.paper, revision, newest.document.revision), old.file_name)


def sheet_of(session: Session, frozen: Frozen) -> Sheet:
    """Give a frozen paper as it is printed today."""
    paper = frozen.revision.paper
    if frozen.document.kind == "invoice":
        paper = on_day(paper, session.clock.today())
    return Sheet(paper, frozen.revision.file_name)


async def _bill(session: Session, invoice: InvoiceFacts) -> Bill:
    """Add to an invoice who owes it and where he stands."""
    return Bill(invoice, *await standing(session, invoice.customer_id))


async def _receipt(session: Session, payment: PaymentFacts) -> Receipt:
    """Add to a payment who made it and what he still owes."""
    if payment.customer_id is None:
        raise CustomerNotKnownYet
    customer, where = await standing(session, payment.customer_id)
    return Receipt(payment, customer, where.unpaid_idr)


async def standing(session: Session, customer_id: UUID) -> tuple[CustomerFacts, Position]:
    """Say who a customer is and where he stands.

    Raises:
        CustomerNotKnownYet: nobody told us of him so far.
    """
    customer = await dossiers.customer(session, customer_id)
    if customer is None:
        raise CustomerNotKnownYet
    owed = await dossiers.owed(session, customer_id)
    return customer, position(owed, session.clock.today())
