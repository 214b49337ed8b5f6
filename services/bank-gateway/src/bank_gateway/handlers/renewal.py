"""Keeping shared accounts alive while they are wanted: a later end, or another billing (ADR-0025).

The bank lets an account end on its day, whoever still pays to it. What asks for the later end is
the daily look at each account; the rest is an update like any other.
"""

from bank_gateway.domain.account import Terms, VaMode
from bank_gateway.handlers import demand
from bank_gateway.handlers.terms import Contract
from bank_gateway.models import Call, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from shared.database import Session

_ACTIVE = "active"


async def renew(account: VirtualAccount, contract: Contract, session: Session) -> None:
    """Want a later end for an active account whose end is near, if somebody still needs it.

    What the bank refused yesterday is asked again with today's end, until it agrees or the account
    is over; one that it has not answered yet is left to the work that is at it.
    """
    until = contract.renewal.until(account.expires_at, session.clock.now())
    if until is None or not await _is_wanted(account, session):
        return
    newest = await accounts.newest_version(session, account.id)
    asked_today = newest.expires_at == until
    if asked_today or await works.is_under_way(session, WorkKind.UPDATE, account.id):
        return
    demand.register(account, Terms(newest.amount_idr, until), newest.no + 1, session)
    await works.add(session, WorkKind.UPDATE, account.id, Call.UPDATE)


async def reopen(account: VirtualAccount, contract: Contract, session: Session) -> None:
    """Open another billing under the number of a shared account that ended while it is wanted.

    The one that ended stays over; money that comes late on it is money all the same (S, M9).
    """
    if not await _is_wanted(account, session):
        return
    bill = await accounts.newest_bill(session, account)
    customer = await accounts.customer(session, account.customer_id)
    if bill is not None and customer is not None:
        await demand.open_account(contract, bill, customer, session, after=account)


async def _is_wanted(account: VirtualAccount, session: Session) -> bool:
    """Tell whether anybody pays to it: bills are open, or it is the own account of a customer."""
    if account.mode == VaMode.INVOICE or account.wanted_closed:
        return False
    if account.mode == VaMode.CUSTOMER:
        customer = await accounts.customer(session, account.customer_id)
        if customer is not None and customer.status == _ACTIVE:
            return True
    return bool(await accounts.open_idr(session, account))
