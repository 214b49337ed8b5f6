"""Writing the words of a message from what is known now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from notification.domain.message import (
    Bill,
    DocumentPending,
    Letterhead,
    PaymentNotFound,
    PaymentNotStanding,
    Proof,
    Template,
    VirtualAccountPending,
    check_payable,
)
from notification.domain.template import Language, Purpose, fill, variables_in
from notification.handlers.templates import words_of
from notification.models import Customer, Document, Invoice, Payment
from notification.store import copies
from shared.clock import business_day
from shared.database import Session
from shared.money import Rupiah


@dataclass(frozen=True, slots=True)
class Letter:
    """What is said to whom; ``revision`` is of the paper that it links to.

    Attributes:
        parameters: the values by variable, as a template that WhatsApp approved takes them.
    """

    customer: Customer
    text: str
    revision: int
    purpose: Purpose
    language: Language
    whatsapp_name: str | None
    parameters: dict[str, str]
    is_receipt: bool = False


@dataclass(frozen=True, slots=True)
class Pen:
    """Who writes, and in which language."""

    letterhead: Letterhead
    language: Language = Language.INDONESIAN


async def about_bill(
    session: Session, pen: Pen, invoice: Invoice, purpose: Purpose, today: date
) -> Letter:
    """Ask for what a bill still wants.

    Raises:
        NothingToPay: paid or cancelled.
        VirtualAccountPending, DocumentPending: too early.
    """
    check_payable(invoice.number, invoice.status)
    customer = await copies.get_customer(session, invoice.customer_id)
    account = await copies.find_active_account(session, invoice)
    if account is None or account.number is None:
        raise VirtualAccountPending(number=invoice.number, code="va_pending")
    document = await _document(session, Template.INVOICE, invoice.id, invoice.number)
    bill = Bill(
        customer_name=customer.name,
        number=invoice.number,
        about=invoice.about,
        amount=Rupiah(invoice.total_idr - invoice.paid_idr),
        due_on=invoice.due_on,
        virtual_account=account.number,
        holder_name=account.holder_name,
        amount_typed=account.mode != "invoice",
        link=pen.letterhead.link(document.link_path),
        signature=pen.letterhead.signature(customer.marketing_name),
    )
    values = bill.values(pen.language, today)
    return await _letter(session, customer, document.revision, (purpose, pen.language), values)


async def about_payment(session: Session, pen: Pen, payment: Payment) -> Letter:
    """Thank for a payment; provisional until the bank confirms (C11).

    Raises:
        PaymentNotStanding: taken back, or doubted.
        PaymentNotFound: nobody knows whose it is.
        DocumentPending: too early.
    """
    if payment.status == "reversed" or payment.verification == "disputed":
        raise PaymentNotStanding
    customer = await payer(session, payment)
    document = await _document(session, Template.RECEIPT, payment.id, "pembayaran ini")
    verified = payment.verification == "verified"
    proof = Proof(
        customer_name=customer.name,
        amount=Rupiah(payment.amount_idr),
        paid_on=business_day(payment.paid_at),
        invoice_numbers=payment.invoice_numbers,
        verified=verified,
        link=pen.letterhead.link(document.link_path),
        signature=pen.letterhead.signature(customer.marketing_name),
    )
    key = (Purpose.RECEIPT, pen.language)
    values = proof.values(pen.language)
    return await _letter(session, customer, document.revision, key, values, verified=verified)


async def payer(session: Session, payment: Payment) -> Customer:
    """Read whose payment it is.

    Raises:
        PaymentNotFound: nobody knows.
    """
    if payment.customer_id is None:
        raise PaymentNotFound
    return await copies.get_customer(session, payment.customer_id)


async def _letter(
    session: Session,
    customer: Customer,
    revision: int,
    key: tuple[Purpose, Language],
    values: dict[str, str],
    *,
    verified: bool = False,
) -> Letter:
    words = await words_of(session, *key)
    return Letter(
        customer=customer,
        text=fill(words.body, values),
        revision=revision,
        purpose=key[0],
        language=key[1],
        whatsapp_name=words.whatsapp_name,
        parameters={name: values[name] for name in variables_in(words.body)},
        is_receipt=verified,
    )


async def _document(session: Session, kind: Template, object_id: UUID, number: str) -> Document:
    document = await copies.find_document(session, kind, object_id)
    if document is None:
        raise DocumentPending(number=number, code="document_pending")
    return document
