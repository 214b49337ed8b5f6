"""Asking the bank whether a payment we were told of is true (C11, C5)."""

from bank_gateway.domain import doubt
from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.domain.trouble import BankDisagrees
from bank_gateway.domain.verification import Verdict, judge
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.confirming import UNVERIFIED, claim_of, confirm
from bank_gateway.handlers.events import publish_payment, record_payment
from bank_gateway.handlers.gaps import find_money, missing_idr
from bank_gateway.handlers.knowledge import learn_and_watch
from bank_gateway.handlers.strangers import leave_to_person, need_nobody
from bank_gateway.metrics import VERIFICATIONS
from bank_gateway.models import Call, Payment, VirtualAccount, WorkKind
from bank_gateway.store import payment as payments
from bank_gateway.store import work as works
from shared.contracts.bank_gateway import PaymentDisputed
from shared.database import Session

DISPUTED = "disputed"


def prepare(payment: Payment, account: VirtualAccount | None) -> Task | None:
    """Ask about a payment that is still unverified, or what else an unknown billing holds."""
    if payment.verification != UNVERIFIED and account is not None:
        return None
    return Task(
        Call.INQUIRE,
        payment.trx_id,
        payment.virtual_account,
        since=account.created_at if account else None,
        paid_at=payment.paid_at,
        billed_idr=account.amount_idr if account else 0,
    )


async def settle(attempt: Attempt, payment: Payment, account: VirtualAccount | None) -> None:
    """Judge the payment by the bank's answer; without one, ask again."""
    outcome = attempt.outcome
    if payment.verification != UNVERIFIED and account is not None:
        await attempt.finish()
    elif outcome.state is None and not outcome.not_found:
        attempt.fail()
    elif payment.verification != UNVERIFIED:
        await _look_below(attempt, payment)
    else:
        verdict = judge(claim_of(payment, account), outcome.state, attempt.work.answers)
        await _judged(attempt, payment, verdict)
        await _learn(attempt, payment, account, verdict)


async def give_up(payment: Payment, session: Session) -> None:
    """Leave to a person what the bank does not tell of a billing that we never registered (R2)."""
    if payment.verification == UNVERIFIED:
        await leave_to_person(payment, doubt.UNKNOWN_BILLING, payment.amount_idr, session)
    else:
        missing = await missing_idr(payment.trx_id, session)
        await leave_to_person(payment, doubt.MISSING_MONEY, missing, session)


async def _look_below(attempt: Attempt, payment: Payment) -> None:
    """Record what else the bank holds of a billing that nobody registered (M8, M9)."""
    state, session = attempt.outcome.state, attempt.session
    again = await find_money(state, attempt.desk, session) if state is not None else None
    if again is not None:
        attempt.next_call(Call.INQUIRE, again - session.clock.now())
    elif await missing_idr(payment.trx_id, session):
        attempt.ask_again()
    else:
        await attempt.finish()
        await need_nobody(payment, doubt.MISSING_MONEY, session)


async def _judged(attempt: Attempt, payment: Payment, verdict: Verdict) -> None:
    if verdict is Verdict.ASK_AGAIN:
        attempt.ask_again()
    else:
        await attempt.finish()
    if verdict is Verdict.DISPUTED:
        await _disputed(payment, attempt.session)
    if verdict is not Verdict.VERIFIED:
        VERIFICATIONS.labels(verdict).inc()


async def _learn(
    attempt: Attempt, payment: Payment, account: VirtualAccount | None, verdict: Verdict
) -> None:
    """Use the answer for all that it proves: this payment, others, the state of the account."""
    state, desk, session = attempt.outcome.state, attempt.desk, attempt.session
    if state is None:
        return
    if account is not None and verdict is not Verdict.ASK_AGAIN:
        await learn_and_watch(account, state, desk, session)
        return
    await confirm(account, state, session)
    if account is None and verdict is not Verdict.ASK_AGAIN:
        again = await find_money(state, desk, session)
        await works.revive_verifying(session, state.trx_id)
        if again is not None or await missing_idr(payment.trx_id, session):
            await works.add(session, WorkKind.VERIFY, payment.id, Call.INQUIRE, again)


async def _disputed(payment: Payment, session: Session) -> None:
    """Freeze the payment and free its interval; reconciliation reverses it (C11).

    What the bank does know may be the genuine payment, so the caller learns from the same answer.
    """
    stored = await payments.verify(session, payment.id, DISPUTED, payment.payment_ntb)
    record_payment(session, "payment.disputed", stored, verification=UNVERIFIED)
    if stored.status == PaymentStatus.RECEIVED:
        publish_payment(session, stored, PaymentDisputed, trouble=str(BankDisagrees()))
    else:
        await leave_to_person(stored, doubt.UNKNOWN_BILLING, stored.amount_idr, session)
