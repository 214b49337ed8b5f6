"""What people may do with an account: ask the bank about it, and try a failed one again."""

from uuid import UUID

from bank_gateway.domain.account import ENDED_UNPAID, VaStatus
from bank_gateway.domain.trouble import (
    InvoiceNotOpen,
    VirtualAccountNotFound,
    VirtualAccountStillLive,
)
from bank_gateway.handlers.demand import open_account
from bank_gateway.handlers.events import record_account
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import Call, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from shared.contracts.reconciliation import LineUnvouched
from shared.database import Session


async def ask_bank(account_id: UUID, session: Session) -> None:
    """Have the bank asked about an account soon, whatever its status: late money is money."""
    account = await _locked(account_id, session)
    if account.status in {VaStatus.REQUESTED, VaStatus.UNKNOWN}:
        await works.add(session, WorkKind.OPEN, account.id, Call.INQUIRE)
    else:
        await works.add(session, WorkKind.WATCH, account.id, Call.INQUIRE)
    record_account(session, "virtual_account.inquired", account)


async def ask_about(event: LineUnvouched, session: Session) -> None:
    """Have the bank asked about each billing at an account where a statement shows more (M8).

    One that the bank may not have yet is asked about by the work that opens it.
    """
    for account in await accounts.known_at_number(session, event.virtual_account):
        await works.add(session, WorkKind.WATCH, account.id, Call.INQUIRE)


async def retry(contract: Contract, account_id: UUID, session: Session) -> UUID:
    """Open an ended account anew, under a new billing; hurry one that waits for the bank.

    Raises:
        VirtualAccountNotFound: it is not there, or not the reader's.
        VirtualAccountStillLive: it is active or paid, or another one already is.
        InvoiceNotOpen: nothing is owed on the bill.
    """
    account = await _locked(account_id, session)
    if account.status in {VaStatus.REQUESTED, VaStatus.UNKNOWN}:
        await works.add(session, WorkKind.OPEN, account.id, Call.INQUIRE)
        return account.id
    invoice = await accounts.newest_bill(session, account)
    newest = await accounts.lock_newest_account(session, invoice) if invoice else account
    if newest is None or newest.status not in ENDED_UNPAID:
        raise VirtualAccountStillLive(status=newest.status if newest else account.status)
    customer = await accounts.customer(session, account.customer_id)
    if invoice is None or customer is None or not invoice.outstanding_idr:
        raise InvoiceNotOpen
    opened = await open_account(contract, invoice, customer, session, after=newest)
    return opened.id


async def _locked(account_id: UUID, session: Session) -> VirtualAccount:
    account = await accounts.lock_account(session, account_id)
    if account is None:
        raise VirtualAccountNotFound
    return account
