"""Keeping open accounts right at the bank: new terms, closing, looking after them."""

from datetime import datetime

from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.schedule import next_watch
from bank_gateway.domain.trouble import BankContradicts, BankForgot
from bank_gateway.handlers import demand, moves
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.knowledge import learn
from bank_gateway.models import Call, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from bni_protocol.codes import Answer
from shared.database import Session


async def prepare_update(account: VirtualAccount, session: Session) -> Task | None:
    """Send the newest terms; None when the bank has them, or the account is over."""
    if account.status != VaStatus.ACTIVE or account.wanted_closed:
        return None
    newest = await accounts.newest_version(session, account.id)
    if (newest.amount_idr, newest.expires_at) == (account.amount_idr, account.expires_at):
        return None
    billing = account.billing(newest.terms, await demand.description(account, session))
    return Task(Call.UPDATE, account.trx_id, account.account_number, billing)


def prepare_deactivation(account: VirtualAccount) -> Task | None:
    """Close what nobody owes any more; None when it is closed, or owed again."""
    if account.status != VaStatus.ACTIVE or not account.wanted_closed:
        return None
    return Task(Call.DEACTIVATE, account.trx_id, account.account_number)


async def settle_update(attempt: Attempt, account: VirtualAccount) -> None:
    """Draw the conclusions of an update; repeating one is harmless."""
    billing, session = attempt.task.billing, attempt.session
    if account.status != VaStatus.ACTIVE or billing is None:
        await attempt.finish()
    elif attempt.outcome.answer is Answer.DONE:
        await moves.change(
            session,
            account,
            amount_idr=billing.trx_amount_idr,
            expires_at=billing.expires_at,
            trouble=None,
        )
        newest = await accounts.newest_version(session, account.id)
        if (newest.amount_idr, newest.expires_at) == (account.amount_idr, account.expires_at):
            await attempt.finish()
        else:
            attempt.next_call(Call.UPDATE)
    else:
        await _not_done(attempt, account)


async def settle_deactivation(attempt: Attempt, account: VirtualAccount) -> None:
    """Draw the conclusions of a deactivation; repeating one is harmless."""
    if account.status != VaStatus.ACTIVE:
        await attempt.finish()
    elif attempt.outcome.answer is Answer.DONE:
        await moves.to(attempt.session, account, VaStatus.CANCELLED)
        await attempt.finish()
    else:
        await _not_done(attempt, account)


async def _not_done(attempt: Attempt, account: VirtualAccount) -> None:
    outcome, session = attempt.outcome, attempt.session
    if outcome.answer is Answer.REFUSED:
        await moves.mark_trouble(session, account, attempt.trouble)
        await attempt.finish()
    elif outcome.answer is Answer.ASK:
        await _ask_why(attempt, account)
    else:
        await moves.mark_trouble(session, account, attempt.trouble)
        attempt.fail()


async def _ask_why(attempt: Attempt, account: VirtualAccount) -> None:
    """The account's state at the bank is not what we think: an inquiry decides.

    Should it show the account as we know it, the bank contradicts itself; that is tried again ever
    more slowly, and left to a person in the end.
    """
    if attempt.work.failures:
        trouble = BankContradicts(status=attempt.outcome.status)
        await moves.mark_trouble(attempt.session, account, trouble)
    attempt.fail()
    if not attempt.given_up:
        await works.add(attempt.session, WorkKind.WATCH, account.id, Call.INQUIRE)


async def settle_watch(attempt: Attempt, account: VirtualAccount) -> None:
    """Compare an account with the bank; an active one is looked at again."""
    outcome, session = attempt.outcome, attempt.session
    again: datetime | None = None
    if outcome.state is not None:
        again = await learn(account, outcome.state, attempt.desk, session)
    elif outcome.not_found:
        await _missing(account, session)
    else:
        attempt.fail()
        return
    now = session.clock.now()
    if again is None and account.status == VaStatus.ACTIVE:
        again = next_watch(account.expires_at, now)
    if again is None:
        await attempt.finish()
    else:
        attempt.next_call(Call.INQUIRE, again - now)


async def _missing(account: VirtualAccount, session: Session) -> None:
    """The bank does not know a billing that we have; an active one is for a person."""
    account.bank_status, account.asked_at = "unknown", session.clock.now()
    if account.status == VaStatus.ACTIVE:
        await moves.mark_trouble(session, account, BankForgot(trx_id=account.trx_id))
