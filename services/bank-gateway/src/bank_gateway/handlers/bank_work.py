"""The work for the bank: prepare a call, and settle what came of it, each in a transaction.

Both lock the account first, then the payment, then the work (K2), so that no two of our own
transactions wait for each other.
"""

from uuid import UUID

from bank_gateway.domain.account import VaStatus
from bank_gateway.domain.bank import Outcome
from bank_gateway.domain.trouble import BankNeverSettled, BankNotSettledYet
from bank_gateway.handlers import moves, opening, upkeep, verifying
from bank_gateway.handlers.attempt import Attempt, Desk, Task
from bank_gateway.models import Call, Payment, VirtualAccount, Work, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work as works
from bni_protocol.codes import Answer
from shared.database import Session

Subject = tuple[VirtualAccount | None, Payment | None]


async def prepare(work: Work, session: Session) -> Task | None:
    """Decide the call that leased work needs; without one the work is over."""
    account, payment = await _lock_subject(work, session)
    current = await works.lock_leased(session, work)
    if current is None:
        return None
    task = await _task(current, account, payment, session)
    if task is None:
        await session.delete(current)
    return task


async def _task(
    work: Work, account: VirtualAccount | None, payment: Payment | None, session: Session
) -> Task | None:
    if payment is not None:
        return verifying.prepare(payment, account)
    if account is None:
        return None
    if work.kind == WorkKind.OPEN:
        return await opening.prepare(work, account, session)
    if work.kind == WorkKind.UPDATE:
        return await upkeep.prepare_update(work, account, session)
    if work.kind == WorkKind.DEACTIVATE:
        return upkeep.prepare_deactivation(account)
    return Task.ask(account)


async def settle(work: Work, task: Task, outcome: Outcome, desk: Desk, session: Session) -> None:
    """Draw the conclusions of a call."""
    account, payment = await _lock_subject(work, session)
    current = await works.lock_leased(session, work)
    if current is None:
        return
    if task.call == Call.INQUIRE and outcome.answer in {Answer.DONE, Answer.ASK}:
        current.answers += 1
    attempt = Attempt(session, desk, current, task, outcome)
    await _conclude(attempt, account, payment)
    if attempt.given_up and account is not None:
        await _leave_to_person(account, session)
    elif attempt.given_up and payment is not None:
        await verifying.give_up(payment, session)


async def _leave_to_person(account: VirtualAccount, session: Session) -> None:
    """Say that a matter is a person's, and truly whether the bank is asked any more.

    R2 ends the questions about the matter; the daily look compares an active account on (R3).
    """
    await session.flush()
    looked_at = account.status == VaStatus.ACTIVE and await works.is_under_way(
        session, WorkKind.WATCH, account.id
    )
    trouble = BankNotSettledYet if looked_at else BankNeverSettled
    await moves.mark_trouble(session, account, trouble(trx_id=account.trx_id))


async def _conclude(
    attempt: Attempt, account: VirtualAccount | None, payment: Payment | None
) -> None:
    work = attempt.work
    if payment is not None:
        await verifying.settle(attempt, payment, account)
    elif account is None:
        await attempt.finish()
    elif work.kind == WorkKind.OPEN:
        await opening.settle(attempt, account)
    elif work.kind == WorkKind.UPDATE:
        await upkeep.settle_update(attempt, account)
    elif work.kind == WorkKind.DEACTIVATE:
        await upkeep.settle_deactivation(attempt, account)
    else:
        await upkeep.settle_watch(attempt, account)


async def _lock_subject(work: Work, session: Session) -> Subject:
    if work.kind != WorkKind.VERIFY:
        return await accounts.lock_account(session, work.subject_id), None
    seen = await payments.payment(session, work.subject_id)
    account_id: UUID | None = seen.virtual_account_id if seen else None
    account = await accounts.lock_account(session, account_id) if account_id else None
    return account, await payments.lock_payment(session, work.subject_id)
