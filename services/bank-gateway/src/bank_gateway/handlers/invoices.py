"""Following customers and bills: every open bill has an account with the right terms."""

from functools import partial

from bank_gateway.domain import account as rules
from bank_gateway.handlers import demand
from bank_gateway.handlers.accounts import ask_about
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import Customer, Invoice
from bank_gateway.store import account as accounts
from shared.consumer import Subscriptions
from shared.contracts.customer import (
    CustomerChanged,
    CustomerReassigned,
    CustomerRegistered,
    CustomerState,
)
from shared.contracts.invoicing import (
    InvoiceCancelled,
    InvoiceChanged,
    InvoiceIssued,
    InvoicePaid,
    InvoiceState,
)
from shared.contracts.reconciliation import LineUnvouched
from shared.database import Session
from shared.errors import NotFound


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Keep our copy of a customer; an older state changes nothing (E5)."""
    known = await accounts.lock_customer(session, event.aggregate_id)
    if known is None:
        known = Customer(
            id=event.aggregate_id,
            name=event.name,
            marketing_id=event.marketing_id,
            marketing_name=event.marketing_name,
            status=event.status,
            version=event.aggregate_version,
        )
        session.add(known)
        return
    if known.version >= event.aggregate_version:
        return
    known.name = event.name
    known.marketing_id = event.marketing_id
    known.marketing_name = event.marketing_name
    known.status = event.status
    known.version = event.aggregate_version


async def follow_invoice(contract: Contract, event: InvoiceState, session: Session) -> None:
    """Open, change or close the account of a bill, whatever order the events come in (E5).

    Bills that share an account are followed one after the other: the customer is locked (K2).

    Raises:
        NotFound: the customer is not known here yet; the event is tried again later.
    """
    shared = event.va_mode != "invoice"
    find = accounts.lock_customer if shared else accounts.customer
    customer = await find(session, event.customer_id)
    if customer is None:
        raise NotFound
    known = await accounts.lock_invoice(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    due_before = known.due_on if known else None
    settled_before = known is None or not known.outstanding_idr
    invoice = _kept(known, event)
    session.add(invoice)
    await session.flush()
    account = await accounts.lock_newest_account(session, invoice)
    if account is not None and account.status in rules.OPEN:
        await demand.adjust(contract, account, invoice, invoice.due_on != due_before, session)
    elif invoice.outstanding_idr and (account is None or settled_before):
        # the first account; or money is asked for again, and the old account is over
        await demand.open_account(contract, invoice, customer, session, after=account)


def _kept(known: Invoice | None, event: InvoiceState) -> Invoice:
    invoice = known or Invoice(
        id=event.aggregate_id,
        customer_id=event.customer_id,
        number=event.number,
        title=event.title,
        status=event.status,
        due_on=event.due_on,
        total_idr=event.total_idr,
        paid_idr=event.paid_idr,
        plan_id=event.plan_id,
        va_mode=event.va_mode,
        version=event.aggregate_version,
    )
    invoice.number, invoice.title = event.number, event.title
    invoice.status, invoice.due_on = event.status, event.due_on
    invoice.total_idr, invoice.paid_idr = event.total_idr, event.paid_idr
    invoice.version = event.aggregate_version
    return invoice


def subscriptions(contract: Contract) -> Subscriptions:
    """Say what this service listens to."""
    follow = partial(follow_invoice, contract)
    return {
        CustomerRegistered: keep_customer,
        CustomerChanged: keep_customer,
        CustomerReassigned: keep_customer,
        InvoiceIssued: follow,
        InvoiceChanged: follow,
        InvoicePaid: follow,
        InvoiceCancelled: follow,
        LineUnvouched: ask_about,
    }
