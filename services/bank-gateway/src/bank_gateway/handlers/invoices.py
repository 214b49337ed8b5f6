"""Following customers and bills: every open bill has one account with the right terms."""

from functools import partial

from bank_gateway.domain import account as rules
from bank_gateway.domain.account import VaStatus
from bank_gateway.handlers.events import record_account
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import BillingVersion, Call, Customer, Invoice, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work
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
from shared.database import Session
from shared.errors import NotFound
from shared.ids import new_id


async def keep_customer(event: CustomerState, session: Session) -> None:
    """Keep our copy of a customer; an older state changes nothing (E5)."""
    known = await accounts.lock_customer(session, event.aggregate_id)
    if known is None:
        known = Customer(
            id=event.aggregate_id,
            name=event.name,
            marketing_id=event.marketing_id,
            marketing_name=event.marketing_name,
            version=event.aggregate_version,
        )
        session.add(known)
        return
    if known.version >= event.aggregate_version:
        return
    known.name = event.name
    known.marketing_id = event.marketing_id
    known.marketing_name = event.marketing_name
    known.version = event.aggregate_version


async def follow_invoice(contract: Contract, event: InvoiceState, session: Session) -> None:
    """Open, change or close the account of a bill, whatever order the events come in (E5).

    Raises:
        NotFound: the customer is not known here yet; the event is tried again later.
    """
    customer = await accounts.customer(session, event.customer_id)
    if customer is None:
        raise NotFound
    known = await accounts.lock_invoice(session, event.aggregate_id)
    if known is not None and known.version >= event.aggregate_version:
        return
    due_before = known.due_on if known else None
    settled_before = known is not None and not known.outstanding_idr
    invoice = _kept(known, event)
    session.add(invoice)
    await session.flush()
    account = await accounts.lock_newest_account(session, invoice.id)
    if account is not None and account.status in rules.OPEN:
        await _adjust(contract, account, invoice, invoice.due_on != due_before, session)
    elif invoice.outstanding_idr and (account is None or settled_before):
        # the first account; or money was taken back, and the old account is over
        await open_account(contract, invoice, customer, session, after=account)


async def open_account(
    contract: Contract,
    invoice: Invoice,
    customer: Customer,
    session: Session,
    after: VirtualAccount | None = None,
) -> VirtualAccount:
    """Register a new billing, durably, BEFORE anybody calls the bank (I).

    Its version continues that of the account it replaces, so that copies kept per bill by
    others never go back.
    """
    now = session.clock.now()
    terms = contract.terms(invoice, now)
    account_id = new_id()
    account = VirtualAccount(
        id=account_id,
        invoice_id=invoice.id,
        customer_id=customer.id,
        trx_id=rules.trx_id(account_id),
        account_number=contract.number(await accounts.next_account_no(session)),
        holder_name=customer.name,
        amount_idr=terms.amount_idr,
        expires_at=terms.expires_at,
        version=after.version + 1 if after else 1,
        created_at=now,
        updated_at=now,
    )
    session.add(account)
    await session.flush()
    _register(account, terms, 1, session)
    record_account(session, "virtual_account.requested", account)
    await work.add(session, WorkKind.OPEN, account.id, Call.CREATE)
    return account


async def _adjust(
    contract: Contract, account: VirtualAccount, invoice: Invoice, due_moved: bool, session: Session
) -> None:
    """Bring an open account in line with its bill; the workers talk to the bank."""
    if not invoice.outstanding_idr:
        if not await payments.known_total_idr(session, account.trx_id):
            await _close(account, session)
        return
    account.wanted_closed = False
    newest = await accounts.newest_version(session, account.id)
    terms = contract.terms(invoice, session.clock.now())
    if newest.amount_idr == terms.amount_idr and not due_moved:
        return
    _register(account, terms, newest.no + 1, session)
    if account.status == VaStatus.ACTIVE:
        await work.add(session, WorkKind.UPDATE, account.id, Call.UPDATE)


async def _close(account: VirtualAccount, session: Session) -> None:
    """Want the account closed; one that is still being opened is closed right after."""
    account.wanted_closed = True
    if account.status == VaStatus.ACTIVE:
        await work.add(session, WorkKind.DEACTIVATE, account.id, Call.DEACTIVATE)


def _register(account: VirtualAccount, terms: rules.Terms, no: int, session: Session) -> None:
    session.add(
        BillingVersion(
            virtual_account_id=account.id,
            no=no,
            amount_idr=terms.amount_idr,
            expires_at=terms.expires_at,
            registered_at=session.clock.now(),
        )
    )


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
    }
