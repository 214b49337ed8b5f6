"""Asking the bank whether a payment we were told of is true (C11, C5)."""

from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.domain.trouble import BankDisagrees
from bank_gateway.domain.verification import Claim, Verdict, judge
from bank_gateway.handlers.attempt import Attempt, Task
from bank_gateway.handlers.events import publish_payment, publish_unknown, record_payment
from bank_gateway.handlers.knowledge import UNVERIFIED, VERIFIED, learn_and_watch
from bank_gateway.metrics import VERIFICATIONS
from bank_gateway.models import Call, Payment, VirtualAccount
from bank_gateway.store import payment as payments
from bni_protocol.fields import BillingState, BillingType
from shared.contracts.bank_gateway import PaymentDisputed, PaymentReceived, PaymentVerified

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
        return
    if outcome.state is None and not outcome.not_found:
        attempt.fail()
        return
    kind = BillingType(account.billing_type) if account else None
    verdict = judge(_claim(payment, kind), outcome.state, attempt.work.answers)
    VERIFICATIONS.labels(verdict).inc()
    if verdict is Verdict.VERIFIED and outcome.state is not None:
        await _verified(attempt, payment, account, outcome.state)
    elif verdict is Verdict.DISPUTED:
        await _disputed(attempt, payment, account, outcome.state)
    else:
        attempt.ask_again()


async def _verified(
    attempt: Attempt, payment: Payment, account: VirtualAccount | None, state: BillingState
) -> None:
    """Confirm the payment. Of the last payment the bank also tells the journal number."""
    session = attempt.session
    last = state.paid_idr == payment.cumulative_idr
    reference = state.payment_ntb if last and state.payment_ntb else payment.payment_ntb
    if payment.status == PaymentStatus.UNMATCHED:  # only now may anybody hear of it (C5)
        publish_payment(session, payment, PaymentReceived)
    stored = await payments.verify(session, payment.id, VERIFIED, reference)
    record_payment(session, "payment.verified", stored, verification=UNVERIFIED)
    publish_payment(session, stored, PaymentVerified)
    await attempt.finish()
    if account is not None:
        await learn_and_watch(account, state, attempt.desk, session)


async def _disputed(
    attempt: Attempt,
    payment: Payment,
    account: VirtualAccount | None,
    state: BillingState | None,
) -> None:
    """Freeze the payment and free its interval; reconciliation reverses it (C11).

    What the bank does know may be the genuine payment, so we learn from the same answer.
    """
    session = attempt.session
    stored = await payments.verify(session, payment.id, DISPUTED, payment.payment_ntb)
    record_payment(session, "payment.disputed", stored, verification=UNVERIFIED)
    if stored.status == PaymentStatus.RECEIVED:
        publish_payment(session, stored, PaymentDisputed, trouble=str(BankDisagrees()))
    else:
        publish_unknown(session, stored)
    await attempt.finish()
    if account is not None and state is not None:
        await learn_and_watch(account, state, attempt.desk, session)


def _claim(payment: Payment, kind: BillingType | None) -> Claim:
    return Claim(
        payment.virtual_account,
        payment.cumulative_idr,
        kind,
        payment.payment_ntb,
        payment.paid_at,
        signed=payment.request_id is not None,
    )
