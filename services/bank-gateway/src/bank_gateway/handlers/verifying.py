"""Asking the bank whether a payment we were told of is true (C11, C5)."""

from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.domain.trouble import BankDisagrees
from bank_gateway.domain.verification import Verdict, judge
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.confirming import UNVERIFIED, claim_of, confirm
from bank_gateway.handlers.events import publish_payment, publish_unknown, record_payment
from bank_gateway.handlers.knowledge import learn_and_watch
from bank_gateway.metrics import VERIFICATIONS
from bank_gateway.models import Call, Payment, VirtualAccount
from bank_gateway.store import payment as payments
from bni_protocol.fields import BillingState
from shared.contracts.bank_gateway import PaymentDisputed
from shared.database import Session

DISPUTED = "disputed"


def prepare(payment: Payment, account: VirtualAccount | None) -> Task | None:
    """Ask about a payment that is still unverified."""
    if payment.verification != UNVERIFIED:
        return None
    return Task(
        Call.INQUIRE,
        payment.trx_id,
        payment.virtual_account,
        since=account.created_at if account else None,
        paid_at=payment.paid_at,
    )


async def settle(attempt: Attempt, payment: Payment, account: VirtualAccount | None) -> None:
    """Judge the payment by the bank's answer; without one, ask again."""
    outcome = attempt.outcome
    if payment.verification != UNVERIFIED:
        await attempt.finish()
    elif outcome.state is None and not outcome.not_found:
        attempt.fail()
    else:
        verdict = judge(claim_of(payment, account), outcome.state, attempt.work.answers)
        await _judged(attempt, payment, verdict)
        if outcome.state is not None:
            await _learn(attempt, account, outcome.state, verdict)


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
    attempt: Attempt, account: VirtualAccount | None, state: BillingState, verdict: Verdict
) -> None:
    """Use the answer for all that it proves: this payment, others, the state of the account."""
    if account is None or verdict is Verdict.ASK_AGAIN:
        await confirm(account, state, attempt.session)
    else:
        await learn_and_watch(account, state, attempt.desk, attempt.session)


async def _disputed(payment: Payment, session: Session) -> None:
    """Freeze the payment and free its interval; reconciliation reverses it (C11).

    What the bank does know may be the genuine payment, so the caller learns from the same answer.
    """
    stored = await payments.verify(session, payment.id, DISPUTED, payment.payment_ntb)
    record_payment(session, "payment.disputed", stored, verification=UNVERIFIED)
    if stored.status == PaymentStatus.RECEIVED:
        publish_payment(session, stored, PaymentDisputed, trouble=str(BankDisagrees()))
    else:
        publish_unknown(session, stored)
