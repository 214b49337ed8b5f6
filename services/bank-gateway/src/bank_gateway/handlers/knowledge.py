"""What an inquiry teaches us of an account: its state, and money nobody told us of."""

from bank_gateway.domain.account import VaStatus, closes_by_itself
from bank_gateway.handlers import moves
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.events import publish_inquiry, publish_payment, record_payment
from bank_gateway.models import Call, Payment, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work as works
from bni_protocol.fields import BillingState, BillingType
from shared.contracts.bank_gateway import PaymentReceived, PaymentVerified
from shared.database import Session

UNVERIFIED, VERIFIED = "unverified", "verified"


async def learn(account: VirtualAccount, state: BillingState, desk: Desk, session: Session) -> None:
    """Bring an account in line with the bank's own record; the caller holds its lock."""
    account.bank_status = "active" if state.active else "inactive"
    account.bank_paid_idr = state.paid_idr
    account.asked_at = session.clock.now()
    await _find_money(account, state, desk, session)
    await publish_inquiry(session, account, state)
    if account.status != VaStatus.ACTIVE:
        return
    if state.active:
        await _compare_terms(account, state, session)
    elif closes_by_itself(account.kind, state.trx_amount_idr, state.paid_idr):
        await moves.to(session, account, VaStatus.PAID)
    else:
        over = session.clock.now() >= account.expires_at and not account.wanted_closed
        await moves.to(session, account, VaStatus.EXPIRED if over else VaStatus.CANCELLED)


async def _find_money(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    """Record the payment of a lost callback; the inquiry is its source and its proof (M8).

    Only a billing that is paid once can be completed so; of several payments the bank tells
    the sum alone.
    """
    if account.billing_type != BillingType.FIXED or not state.paid_idr:
        return
    if state.paid_at is None or state.payment_ntb is None:
        return
    if await payments.known_total_idr(session, account.trx_id):
        return
    payment = Payment(
        client_id=desk.contract.client_id,
        trx_id=account.trx_id,
        virtual_account=account.account_number,
        virtual_account_id=account.id,
        invoice_id=account.invoice_id,
        plan_id=account.plan_id,
        customer_id=account.customer_id,
        billed_idr=state.trx_amount_idr,
        amount_idr=state.paid_idr,
        cumulative_idr=state.paid_idr,
        payment_ntb=state.payment_ntb,
        payer_name=account.holder_name,
        paid_at=state.paid_at,
        received_at=session.clock.now(),
        source="inquiry",
    )
    if not await payments.insert_payment(session, payment):
        return
    record_payment(session, "payment.received", payment)
    publish_payment(session, payment, PaymentReceived)
    stored = await payments.verify(session, payment.id, VERIFIED, payment.payment_ntb)
    record_payment(session, "payment.verified", stored, verification=UNVERIFIED)
    publish_payment(session, stored, PaymentVerified)
    await payments.reject_quarantined(session, account.trx_id)


async def _compare_terms(account: VirtualAccount, state: BillingState, session: Session) -> None:
    """Show the amount that the bank really asks for, and correct it there if it is not ours."""
    await moves.change(session, account, amount_idr=state.trx_amount_idr)
    newest = await accounts.newest_version(session, account.id)
    if account.wanted_closed:
        await works.add(session, WorkKind.DEACTIVATE, account.id, Call.DEACTIVATE)
    elif newest.amount_idr != state.trx_amount_idr:
        await works.add(session, WorkKind.UPDATE, account.id, Call.UPDATE)
