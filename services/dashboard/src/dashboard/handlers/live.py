"""What events do to open pages: a row of ``live_events`` that wakes the streams."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from dashboard.domain import live as rules
from dashboard.models import Customer, Invoice, LiveEvent
from dashboard.store import live as store
from shared.contracts.bank_gateway import VaFailed, VaState
from shared.contracts.customer import ChangeRequestState, CustomerReassigned, CustomerState
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import BillingRunProgressed, BulkJobProgressed, InvoiceState
from shared.contracts.listeners import (
    CUSTOMER_EVENTS,
    EXCEPTION_EVENTS,
    INVOICE_EVENTS,
    MESSAGE_EVENTS,
    POSTED_EVENTS,
    REQUEST_EVENTS,
    VA_EVENTS,
)
from shared.contracts.notification import MessageState
from shared.contracts.reconciliation import (
    ExceptionState,
    PostedState,
)
from shared.contracts.reporting import DocumentReady
from shared.database import Session
from shared.errors import NotFound
from shared.events import Event


async def hear_customer(event: CustomerState, session: Session) -> None:
    """Keep whose events are whose; a reassignment moves visibility at once (A6)."""
    kept = await store.keep(
        session,
        Customer(
            id=event.aggregate_id,
            name=event.name,
            marketing_id=event.marketing_id,
            marketing_name=event.marketing_name,
            version=event.aggregate_version,
        ),
    )
    if not kept:
        return
    names = [rules.customer_name(event.aggregate_id)]
    if isinstance(event, CustomerReassigned):
        names.append("badge")
    await _tell(event, session, event.aggregate_id, names)


async def hear_invoice(event: InvoiceState, session: Session) -> None:
    """Keep the invoice's number and title; its page and its customer's page look again."""
    kept = await store.keep(
        session,
        Invoice(
            id=event.aggregate_id,
            customer_id=event.customer_id,
            number=event.number,
            title=event.title,
            va_owner_id=event.va_owner_id,
            version=event.aggregate_version,
        ),
    )
    if kept:
        await _tell_invoice(event, session, event.customer_id, event.aggregate_id)


async def hear_virtual_account(event: VaState, session: Session) -> None:
    """The pages of its bills show the number, or why there is none."""
    names = [rules.customer_name(event.customer_id)]
    if isinstance(event, VaFailed):
        names.append("badge")
    bills = set(await store.bills_of_account(session, event.va_owner_id))
    if event.invoice_id is not None:
        bills.add(event.invoice_id)
    names += [rules.invoice_name(invoice_id) for invoice_id in sorted(bills)]
    await _tell(event, session, event.customer_id, names)


async def hear_payment(event: PostedState, session: Session) -> None:
    """Put the payment in the feed of everybody who may see it (A25)."""
    told = await store.newest_version(session, event.aggregate_id, "payment")
    if told >= event.aggregate_version:
        return
    customer, title = await _whose(event, session)
    names = ["payment", "badge"]
    if event.customer_id is not None:
        names.append(rules.customer_name(event.customer_id))
    facts = rules.payment_facts(
        event,
        customer.name if customer else "",
        customer.marketing_name if customer else "",
        title,
    )
    await _tell(event, session, event.customer_id, names, facts)


async def hear_message(event: MessageState, session: Session) -> None:
    """The bill's page shows that it was sent."""
    await _tell_invoice(event, session, event.customer_id, event.invoice_id)


async def hear_document(event: DocumentReady, session: Session) -> None:
    """The bill's page shows that its paper is ready."""
    await _tell_invoice(event, session, event.customer_id, event.invoice_id)


async def hear_user(event: UserChanged, session: Session) -> None:
    """Streams of this user end, so that his rights are asked for again (A6)."""
    await _tell(event, session, None, [])


async def hear_billing_run(event: BillingRunProgressed, session: Session) -> None:
    """The bar of a bulk run moves."""
    facts = {"done": event.done, "total": event.total, "status": event.status}
    await _tell(event, session, None, [f"job:{event.aggregate_id}"], facts)


async def hear_bulk_job(event: BulkJobProgressed, session: Session) -> None:
    """The bar of an act on many bills moves, for those who see the bill it came to."""
    facts = {"done": event.ok + event.skipped + event.failed, "total": event.total}
    await _tell(event, session, event.customer_id, [f"job:{event.aggregate_id}"], facts)


async def hear_exception(event: ExceptionState, session: Session) -> None:
    """Something needs a person, or no longer does; only those who see everything hear of it."""
    await _tell(event, session, None, ["badge"])


async def hear_request(event: ChangeRequestState, session: Session) -> None:
    """The bell, the list of requests and the customer's page look again."""
    names = ["badge", rules.customer_name(event.customer_id)]
    await _tell(event, session, event.customer_id, names)


async def _whose(event: PostedState, session: Session) -> tuple[Customer | None, str]:
    if event.customer_id is None:
        return None, ""
    customer = await store.customer(session, event.customer_id)
    if customer is None:
        raise NotFound
    live = [part for part in event.allocations if not part.reversed]
    invoice = await store.invoice(session, live[0].invoice_id) if live else None
    return customer, invoice.title if invoice else ""


async def _tell_invoice(
    event: Event, session: Session, customer_id: UUID, invoice_id: UUID | None
) -> None:
    names = [rules.customer_name(customer_id)]
    if invoice_id is not None:
        names.append(rules.invoice_name(invoice_id))
    await _tell(event, session, customer_id, names)


async def _tell(
    event: Event,
    session: Session,
    customer_id: UUID | None,
    names: list[str],
    facts: dict[str, Any] | None = None,
) -> None:
    await store.add(
        session,
        LiveEvent(
            at=session.clock.now(),
            type=event.TYPE,
            customer_id=customer_id,
            object_id=event.aggregate_id,
            object_version=event.aggregate_version,
            names=names,
            facts=facts or {},
        ),
    )


SUBSCRIPTIONS: dict[type[Event], Any] = {
    **dict.fromkeys(CUSTOMER_EVENTS, hear_customer),
    **dict.fromkeys(INVOICE_EVENTS, hear_invoice),
    **dict.fromkeys(VA_EVENTS, hear_virtual_account),
    **dict.fromkeys(POSTED_EVENTS, hear_payment),
    **dict.fromkeys(MESSAGE_EVENTS, hear_message),
    UserChanged: hear_user,
    DocumentReady: hear_document,
    BillingRunProgressed: hear_billing_run,
    BulkJobProgressed: hear_bulk_job,
    **dict.fromkeys(EXCEPTION_EVENTS, hear_exception),
    **dict.fromkeys(REQUEST_EVENTS, hear_request),
}
