"""Keeping open accounts right at the bank: new terms, closing, looking after them."""

from datetime import datetime

from bank_gateway.domain.account import Terms, VaStatus
from bank_gateway.domain.schedule import next_watch
from bank_gateway.domain.trouble import BankContradicts, BankForgot, BankRefusedRenewal
from bank_gateway.handlers import demand, moves, renewal
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.knowledge import learn, learn_and_watch
from bank_gateway.models import Call, VirtualAccount, Work, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from bni_protocol.codes import Answer
from shared.database import Session


async def prepare_update(work: Work, account: VirtualAccount, session: Session) -> Task | None:
    """Send the newest terms; None when the bank has them, or the account is over.

    As when opening, the next call is stored before each: should the answer never come, the bank is
    asked first which terms it has (I).
    """
    if account.status != VaStatus.ACTIVE or account.wanted_closed:
        return None
    newest = await accounts.newest_version(session, account.id)
    if _agreed(account, newest.terms):
        return None
    if work.call == Call.INQUIRE:
        return Task.ask(account)
    billing = account.billing(newest.terms, await demand.description(account, session))
    work.call = Call.INQUIRE
    return Task(Call.UPDATE, account.trx_id, account.account_number, billing)


def prepare_deactivation(account: VirtualAccount) -> Task | None:
    """Close what nobody owes any more; None when it is closed, or owed again."""
    if account.status != VaStatus.ACTIVE or not account.wanted_closed:
        return None
    return Task(Call.DEACTIVATE, account.trx_id, account.account_number)


async def settle_update(attempt: Attempt, account: VirtualAccount) -> None:
    """Draw the conclusions of an update, or of the inquiry after one whose answer was lost."""
    outcome, billing = attempt.outcome, attempt.task.billing
    if account.status != VaStatus.ACTIVE:
        await attempt.finish()
    elif billing is None:
        await _asked(attempt, account)
    elif outcome.answer is Answer.DONE:
        terms = Terms(billing.trx_amount_idr, billing.expires_at)
        await _take_terms(attempt, account, terms)
    elif outcome.answer is Answer.REFUSED and billing.expires_at > account.expires_at:
        await moves.mark_trouble(
            attempt.session, account, BankRefusedRenewal(status=outcome.status)
        )
        await attempt.finish()
    elif outcome.answer is Answer.LATER and not (outcome.no_effect or outcome.over_limit):
        await moves.mark_trouble(attempt.session, account, attempt.trouble)
        attempt.fail(Call.INQUIRE)
    else:
        await _not_done(attempt, account, Call.UPDATE)


async def _asked(attempt: Attempt, account: VirtualAccount) -> None:
    """Whether the lost update arrived: by the bank's own terms; what it has not is sent again."""
    outcome, session = attempt.outcome, attempt.session
    if outcome.state is None:
        if outcome.not_found:
            await _missing(account, session)
        else:
            await moves.mark_trouble(session, account, attempt.trouble)
        attempt.fail(Call.UPDATE if outcome.not_found else Call.INQUIRE)
        return
    await learn_and_watch(account, outcome.state, attempt.desk, session)
    newest = await accounts.newest_version(session, account.id)
    if account.status != VaStatus.ACTIVE:
        await attempt.finish()
    elif outcome.state.has_terms(newest.amount_idr, newest.expires_at):
        await _take_terms(attempt, account, newest.terms)
    else:
        _update_again(attempt)


def _update_again(attempt: Attempt) -> None:
    """The bank has other terms; should it lose every update, R2 spaces the rounds."""
    rounds = attempt.work.answers - 1
    if rounds:
        attempt.ask_again(Call.UPDATE, after=rounds)
    else:
        attempt.next_call(Call.UPDATE)


async def _take_terms(attempt: Attempt, account: VirtualAccount, terms: Terms) -> None:
    """The bank has these terms now; a later end than before is remembered as that."""
    session = attempt.session
    changes: dict[str, object] = {"amount_idr": terms.amount_idr, "expires_at": terms.expires_at}
    if terms.expires_at > account.expires_at:
        changes["extended_at"] = session.clock.now()
    await moves.change(session, account, **changes, trouble=None)
    newest = await accounts.newest_version(session, account.id)
    if _agreed(account, newest.terms):
        await attempt.finish()
    else:
        attempt.next_call(Call.UPDATE)


def _agreed(account: VirtualAccount, terms: Terms) -> bool:
    return (account.amount_idr, account.expires_at) == (terms.amount_idr, terms.expires_at)


async def settle_deactivation(attempt: Attempt, account: VirtualAccount) -> None:
    """Draw the conclusions of a deactivation; repeating one is harmless."""
    if account.status != VaStatus.ACTIVE:
        await attempt.finish()
    elif attempt.outcome.answer is Answer.DONE:
        await moves.to(attempt.session, account, VaStatus.CANCELLED)
        await attempt.finish()
    else:
        await _not_done(attempt, account, Call.DEACTIVATE)


async def _not_done(attempt: Attempt, account: VirtualAccount, call: Call) -> None:
    """Try the same call again, ever more slowly; what is refused for good is a person's."""
    outcome, session = attempt.outcome, attempt.session
    if outcome.answer is Answer.REFUSED:
        await moves.mark_trouble(session, account, attempt.trouble)
        await attempt.finish()
    elif outcome.answer is Answer.ASK:
        await _ask_why(attempt, account, call)
    else:
        await moves.mark_trouble(session, account, attempt.trouble)
        attempt.fail(call)


async def _ask_why(attempt: Attempt, account: VirtualAccount, call: Call) -> None:
    """The account's state at the bank is not what we think: an inquiry decides.

    Should it show the account as we know it, the bank contradicts itself; that is tried again ever
    more slowly, and left to a person in the end.
    """
    if attempt.work.failures:
        trouble = BankContradicts(status=attempt.outcome.status)
        await moves.mark_trouble(attempt.session, account, trouble)
    attempt.fail(call)
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
    if outcome.state is not None and account.status == VaStatus.ACTIVE:
        await renewal.renew(account, attempt.desk.contract, session)
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
