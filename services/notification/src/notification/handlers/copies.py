"""Following what other services say, and telling the bell what matters."""

from __future__ import annotations

from notification.domain.notice import (
    Audience,
    Handover,
    Kind,
    Told,
    both,
    export_finished,
    payment_received,
    payment_unidentified,
    va_failed,
)
from notification.domain.spelling import what_for
from notification.handlers import reminders
from notification.handlers.notices import Fact, tell
from notification.models import Customer, Document, Invoice, Payment, User, VirtualAccount
from notification.store import copies
from shared.contracts.bank_gateway import VaFailed, VaState
from shared.contracts.customer import CustomerReassigned, CustomerState
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import InvoiceState
from shared.contracts.reconciliation import PostedState
from shared.contracts.reporting import DocumentReady, ExportFinished
from shared.database import Session
from shared.money import Rupiah


async def follow_user(event: UserChanged, session: Session) -> None:
    """Take over what a staff member is called."""
    await copies.follow(session, User, event, name=event.name)


async def follow_customer(event: CustomerState, session: Session) -> None:
    """Take over a customer and his owner."""
    await _take_customer(event, session)


async def follow_reassignment(event: CustomerReassigned, session: Session) -> None:
    """Take over the new owner, and tell both owners and the Admins once."""
    await _take_customer(event, session)
    if event.handover_id is not None:
        return  # many move: each Marketing is told once, when all have
    previous = await copies.find_user_name(session, event.previous_marketing_id)
    handover = Handover(
        customer_name=event.name,
        from_id=event.previous_marketing_id,
        from_name=previous or "Marketing lain",
        to_id=event.marketing_id,
        to_name=event.marketing_name,
    )
    fact = Fact(Kind.CUSTOMER_REASSIGNED, event.event_id, event.aggregate_id)
    await tell(session, fact, handover.told(), link=f"/customers/{event.aggregate_id}")


async def follow_invoice(event: InvoiceState, session: Session) -> None:
    """Take over a bill; what asks for it is planned, or called back once it is settled."""
    state = {
        "customer_id": event.customer_id,
        "number": event.number,
        "about": what_for(event.title, [line.description for line in event.lines]),
        "total_idr": event.total_idr,
        "paid_idr": event.paid_idr,
        "due_on": event.due_on,
        "status": event.status,
        "plan_id": event.plan_id,
        "va_mode": event.va_mode,
    }
    if await copies.follow(session, Invoice, event, **state):
        await reminders.watch(session, state, event.aggregate_id)


async def follow_account(event: VaState, session: Session) -> bool:
    """Take over a virtual account; False when nothing was new."""
    return await copies.follow(
        session,
        VirtualAccount,
        event,
        customer_id=event.customer_id,
        invoice_id=event.invoice_id,
        number=event.number,
        holder_name=event.holder_name,
        status=event.status,
        mode=event.mode,
        plan_id=event.plan_id,
    )


async def follow_account_state(event: VaState, session: Session) -> None:
    """Take over a virtual account that is well."""
    await follow_account(event, session)


async def follow_failed_account(event: VaFailed, session: Session) -> None:
    """Take over the failure, and tell whose customer cannot pay yet."""
    if not await follow_account(event, session):
        return
    customer = await copies.get_customer(session, event.customer_id)
    number, link = "", f"/customers/{customer.id}"
    if event.invoice_id is not None:
        number = (await copies.get_invoice(session, event.invoice_id)).number
        link = f"/invoices/{event.invoice_id}"
    text = va_failed(number, customer.name, event.trouble)
    fact = Fact(Kind.VA_FAILED, event.event_id, customer.id)
    await tell(session, fact, both(customer.marketing_id, text), link=link)


async def follow_payment(event: PostedState, session: Session) -> None:
    """Take over a payment; the first time its customer is known, his owner is told."""
    live = [part for part in event.allocations if not part.reversed]
    new = await copies.follow(
        session,
        Payment,
        event,
        customer_id=event.customer_id,
        amount_idr=event.amount_idr,
        paid_at=event.paid_at,
        invoice_numbers=", ".join(part.invoice_number for part in live),
        status=event.status,
        verification=event.verification,
    )
    if new and event.status != "reversed":
        await _tell_payment(event, session)


async def follow_document(event: DocumentReady, session: Session) -> None:
    """Take over where a paper can be opened."""
    await copies.follow(
        session,
        Document,
        event,
        kind=event.kind,
        customer_id=event.customer_id,
        invoice_id=event.invoice_id,
        payment_id=event.payment_id,
        revision=event.revision,
        link_path=event.link_path,
    )


async def tell_export(event: ExportFinished, session: Session) -> None:
    """Tell the one who asked for a file; it is his alone."""
    text = export_finished(event.title, event.rows, event.trouble)
    fact = Fact(Kind.EXPORT_FINISHED, event.event_id, None)
    told = [Told(Audience.MAKER, event.maker_id, text)]
    await tell(session, fact, told, link=f"/exports/{event.aggregate_id}")


async def _take_customer(event: CustomerState, session: Session) -> None:
    await copies.follow(
        session,
        Customer,
        event,
        name=event.name,
        phone=event.phone,
        email=event.email,
        marketing_id=event.marketing_id,
        marketing_name=event.marketing_name,
    )


async def _tell_payment(event: PostedState, session: Session) -> None:
    amount = Rupiah(event.amount_idr)
    if event.customer_id is None:
        fact = Fact(Kind.PAYMENT_UNIDENTIFIED, event.aggregate_id, None)
        told = [Told(Audience.ADMINS, None, payment_unidentified(amount))]
        await tell(session, fact, told, link="/payments")
        return
    customer = await copies.get_customer(session, event.customer_id)
    text = payment_received(amount, customer.name)
    fact = Fact(Kind.PAYMENT_RECEIVED, event.aggregate_id, customer.id)
    link = f"/customers/{customer.id}/payments"
    await tell(session, fact, both(customer.marketing_id, text), link=link)
