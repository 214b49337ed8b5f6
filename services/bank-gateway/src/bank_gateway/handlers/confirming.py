"""What one answer of the bank proves: every payment at or below its total (C11, M8)."""

from bank_gateway.domain import doubt
from bank_gateway.domain.payment import PaymentStatus
from bank_gateway.domain.verification import Claim, Verdict, confirms
from bank_gateway.handlers.events import publish_payment, record_payment
from bank_gateway.handlers.strangers import need_nobody
from bank_gateway.metrics import VERIFICATIONS
from bank_gateway.models import Payment, VirtualAccount, WorkKind
from bank_gateway.store import payment as payments
from bank_gateway.store import work as works
from bni_protocol.fields import BillingState, BillingType
from shared.contracts.bank_gateway import PaymentReceived, PaymentVerified
from shared.database import Session

UNVERIFIED, VERIFIED = "unverified", "verified"


def claim_of(payment: Payment, account: VirtualAccount | None) -> Claim:
    """Say what the notification of a payment claimed; nobody registered one without an account."""
    return Claim(
        payment.virtual_account,
        payment.cumulative_idr,
        BillingType(account.billing_type) if account else None,
        payment.payment_ntb,
        payment.paid_at,
        signed=payment.request_id is not None,
    )


async def confirm(account: VirtualAccount | None, state: BillingState, session: Session) -> None:
    """Settle every payment of a billing that the bank's record proves; no other is touched.

    Many may pay to one account within minutes, and the bank answers a few questions about it per
    hour (ADR-0015): one answer speaks of all of them. What it does not prove keeps its question.
    """
    proved = [
        payment
        for payment in await payments.lock_unverified(session, state.trx_id)
        if confirms(claim_of(payment, account), state)
    ]
    for payment in proved:
        await _verified(payment, state, session)
    await works.remove(session, WorkKind.VERIFY, [payment.id for payment in proved])


async def _verified(payment: Payment, state: BillingState, session: Session) -> None:
    """Confirm one payment. Of the last one the bank also tells the journal number."""
    last = state.paid_idr == payment.cumulative_idr
    reference = state.payment_ntb if last and state.payment_ntb else payment.payment_ntb
    if payment.status == PaymentStatus.UNMATCHED:  # only now may anybody hear of it (C5)
        publish_payment(session, payment, PaymentReceived)
    stored = await payments.verify(session, payment.id, VERIFIED, reference)
    record_payment(session, "payment.verified", stored, verification=UNVERIFIED)
    publish_payment(session, stored, PaymentVerified)
    await need_nobody(stored, doubt.UNKNOWN_BILLING, session)
    VERIFICATIONS.labels(Verdict.VERIFIED).inc()
