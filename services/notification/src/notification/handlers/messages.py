"""Writing to customers: the words are made from what is known now, the log keeps each once."""

from __future__ import annotations

from typing import Any
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
    check_recipient,
)
from notification.domain.template import Language, Purpose, fill
from notification.handlers.templates import body_of
from notification.models import Customer, Document, Message, Payment
from notification.store import copies, messages
from shared import audit, outbox
from shared.clock import business_day
from shared.contracts.notification import MessageSent
from shared.database import Session
from shared.money import Rupiah


async def send_invoice(session: Session, letterhead: Letterhead, invoice_id: UUID) -> Message:
    """Open WhatsApp with a bill; the same bill again is the same message.

    Raises:
        InvoiceNotFound: not there, or not the caller's.
        NothingToPay: paid or cancelled.
        RecipientNotMobile: WhatsApp cannot be offered.
        VirtualAccountPending, DocumentPending: too early.
    """
    invoice = await copies.get_invoice(session, invoice_id)
    check_payable(invoice.number, invoice.status)
    customer = await copies.get_customer(session, invoice.customer_id)
    check_recipient(customer.phone)
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
        link=letterhead.link(document.link_path),
        signature=letterhead.signature(customer.marketing_name),
    )
    about = {
        "template": Template.INVOICE,
        "object_id": invoice.id,
        "invoice_id": invoice.id,
        "purpose": f"invoice.r{document.revision}",
    }
    words = await body_of(session, Purpose.BILL, Language.INDONESIAN)
    text = fill(words, bill.values(Language.INDONESIAN))
    return await _open(session, customer, text, about)


async def send_receipt(session: Session, letterhead: Letterhead, payment_id: UUID) -> Message:
    """Open WhatsApp with the proof of a payment; provisional until the bank confirms (C11).

    Raises:
        PaymentNotFound: not there, or not the caller's.
        PaymentNotStanding: taken back, or doubted.
        RecipientNotMobile: WhatsApp cannot be offered.
        DocumentPending: too early.
    """
    payment = await copies.get_payment(session, payment_id)
    if payment.status == "reversed" or payment.verification == "disputed":
        raise PaymentNotStanding
    customer = await _payer(session, payment)
    check_recipient(customer.phone)
    document = await _document(session, Template.RECEIPT, payment.id, "pembayaran ini")
    verified = payment.verification == "verified"
    proof = Proof(
        customer_name=customer.name,
        amount=Rupiah(payment.amount_idr),
        paid_on=business_day(payment.paid_at),
        invoice_numbers=payment.invoice_numbers,
        verified=verified,
        link=letterhead.link(document.link_path),
        signature=letterhead.signature(customer.marketing_name),
    )
    about = {
        "template": Template.RECEIPT,
        "object_id": payment.id,
        "payment_id": payment.id,
        "purpose": f"{'receipt' if verified else 'provisional'}.r{document.revision}",
    }
    words = await body_of(session, Purpose.RECEIPT, Language.INDONESIAN)
    text = fill(words, proof.values(Language.INDONESIAN))
    return await _open(session, customer, text, about)


async def _payer(session: Session, payment: Payment) -> Customer:
    if payment.customer_id is None:
        raise PaymentNotFound
    return await copies.get_customer(session, payment.customer_id)


async def _document(session: Session, kind: Template, object_id: UUID, number: str) -> Document:
    document = await copies.find_document(session, kind, object_id)
    if document is None:
        raise DocumentPending(number=number, code="document_pending")
    return document


async def _open(session: Session, customer: Customer, text: str, about: dict[str, Any]) -> Message:
    now = session.clock.now()
    wanted = Message(
        **about,
        recipient=customer.phone,
        customer_id=customer.id,
        text=text,
        sent_by_id=session.principal.user_id,
        sent_by_name=session.principal.name,
        created_at=now,
        opened_at=now,
    )
    message = await messages.open_once(session, wanted)
    first = message.opened_count == 1
    audit.record(
        session,
        action="message.sent" if first else "message.opened",
        object_type="message",
        object_id=message.id,
        after={"opened_count": message.opened_count, "text": message.text},
    )
    if first:
        outbox.publish(session, _sent(message))
    return message


def _sent(message: Message) -> MessageSent:
    return MessageSent.of(
        1,
        message.opened_at,
        message.id,
        channel=message.channel,
        purpose=message.purpose,
        customer_id=message.customer_id,
        invoice_id=message.invoice_id,
        recipient=message.recipient,
        sent_by=message.sent_by_id,
    )
