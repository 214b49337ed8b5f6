"""Opening an account at the bank: never two, whatever gets lost on the way.

The next call is stored before each call is made. A ``create`` is stored as ``inquire``: should
we die before its answer, the bank is asked first whether it has the billing.
"""

from bank_gateway.domain.account import Terms, VaStatus
from bank_gateway.domain.schedule import next_watch
from bank_gateway.domain.trouble import BankRefused, BankUndecided, InvoiceVoid
from bank_gateway.handlers import demand, moves
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.knowledge import learn_and_watch
from bank_gateway.models import Call, VirtualAccount, Work, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import work as works
from bni_protocol.codes import Answer
from bni_protocol.fields import BillingState
from shared.database import Session

NUMBERS_TRIED_MAX = 20
_UNOPENED = frozenset({VaStatus.REQUESTED, VaStatus.UNKNOWN})


async def prepare(work: Work, account: VirtualAccount, session: Session) -> Task | None:
    """Decide the call; None when there is nothing left to open."""
    if account.status not in _UNOPENED:
        return None
    if work.call == Call.INQUIRE:
        return Task.ask(account)
    if account.wanted_closed:  # the bank certainly does not have it
        await moves.to(session, account, VaStatus.FAILED, InvoiceVoid())
        return None
    newest = await accounts.newest_version(session, account.id)
    billing = account.billing(newest.terms, await demand.description(account, session))
    work.call = Call.INQUIRE
    return Task(Call.CREATE, account.trx_id, account.account_number, billing)


async def settle(attempt: Attempt, account: VirtualAccount) -> None:
    """Draw the conclusions of a create or of the inquiry after one."""
    if account.status not in _UNOPENED:
        await attempt.finish()
    elif attempt.task.call == Call.CREATE:
        await _created(attempt, account)
    else:
        await _asked(attempt, account)


async def _created(attempt: Attempt, account: VirtualAccount) -> None:
    outcome, billing = attempt.outcome, attempt.task.billing
    if outcome.answer is Answer.DONE and billing is not None:
        terms = Terms(billing.trx_amount_idr, billing.expires_at)
        await _activate(attempt, account, outcome.virtual_account, terms)
    elif outcome.answer is Answer.REFUSED:
        await moves.to(attempt.session, account, VaStatus.FAILED, attempt.trouble)
        await attempt.finish()
    elif outcome.number_in_use:
        await _take_another_number(attempt, account)
    elif outcome.answer is Answer.ASK:
        attempt.next_call(Call.INQUIRE)
    else:
        await _outcome_open(attempt, account)


async def _outcome_open(attempt: Attempt, account: VirtualAccount) -> None:
    """No answer: ``unknown`` when the request may have arrived, else still ``requested``."""
    trouble = attempt.trouble
    if attempt.outcome.no_effect:
        await moves.mark_trouble(attempt.session, account, trouble)
        attempt.fail(Call.CREATE)
        return
    if account.status == VaStatus.REQUESTED:
        await moves.to(attempt.session, account, VaStatus.UNKNOWN, trouble)
    attempt.fail(Call.INQUIRE)


async def _asked(attempt: Attempt, account: VirtualAccount) -> None:
    outcome = attempt.outcome
    if outcome.state is not None:
        await _adopt(attempt, account, outcome.state)
    elif outcome.not_found:
        await _create_again(attempt, account)
    else:
        await moves.mark_trouble(attempt.session, account, attempt.trouble)
        attempt.fail()


async def _create_again(attempt: Attempt, account: VirtualAccount) -> None:
    """The bank does not have it, so it may be created; said once more, creating does not help.

    It may refuse what it then does not know (105, 101), or lose every create: R2 spaces the rounds.
    """
    rounds = attempt.work.answers - 1
    if not rounds:
        attempt.next_call(Call.CREATE)
        return
    await moves.mark_trouble(attempt.session, account, BankUndecided())
    attempt.ask_again(Call.CREATE, after=rounds)


async def _adopt(attempt: Attempt, account: VirtualAccount, state: BillingState) -> None:
    """The bank has the billing: take what it says, and nothing is opened twice (I, 105)."""
    terms = Terms(state.trx_amount_idr, account.expires_at)
    await _activate(attempt, account, state.virtual_account, terms)
    await learn_and_watch(account, state, attempt.desk, attempt.session)


async def _activate(attempt: Attempt, account: VirtualAccount, number: str, terms: Terms) -> None:
    session = attempt.session
    await moves.to(
        session,
        account,
        VaStatus.ACTIVE,
        account_number=number or account.account_number,
        amount_idr=terms.amount_idr,
        expires_at=terms.expires_at,
    )
    await attempt.finish()
    newest = await accounts.newest_version(session, account.id)
    if account.wanted_closed:
        await works.add(session, WorkKind.DEACTIVATE, account.id, Call.DEACTIVATE)
    elif newest.terms != terms:
        await works.add(session, WorkKind.UPDATE, account.id, Call.UPDATE)
    first_look = next_watch(account.expires_at, session.clock.now())
    await works.add(session, WorkKind.WATCH, account.id, Call.INQUIRE, first_look)


async def _take_another_number(attempt: Attempt, account: VirtualAccount) -> None:
    """The number has another live billing at the bank; ours was not created."""
    attempt.work.numbers_tried += 1
    if attempt.work.numbers_tried > NUMBERS_TRIED_MAX:
        trouble = BankRefused(status=attempt.outcome.status)
        await moves.to(attempt.session, account, VaStatus.FAILED, trouble)
        await attempt.finish()
        return
    sequence = await accounts.next_account_no(attempt.session)
    account.account_number = attempt.desk.contract.number(sequence)
    attempt.next_call(Call.CREATE)
