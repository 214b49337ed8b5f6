"""What an inquiry teaches us of an account: its state, and money nobody told us of."""

from datetime import datetime, timedelta

from bank_gateway.domain.account import PAID_ONCE, VaStatus, closes_by_itself
from bank_gateway.domain.gaps import PATIENCE, Gap, find_gaps
from bank_gateway.domain.payment import NewPayment
from bank_gateway.handlers import moves, renewal
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.confirming import UNVERIFIED, VERIFIED, confirm
from bank_gateway.handlers.doubts import settle_doubts
from bank_gateway.handlers.events import publish_inquiry, publish_payment, record_payment
from bank_gateway.models import INQUIRY, Call, VirtualAccount, WorkKind
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bank_gateway.store import work as works
from bni_protocol.fields import BillingState
from shared.contracts.bank_gateway import PaymentReceived, PaymentVerified
from shared.database import Session
from shared.ids import new_id


async def learn(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> datetime | None:
    """Bring an account in line with the bank's own record; the caller holds its lock.

    Gives when the bank should be asked again: money is missing that may still be told of, or a
    message in doubt may still show in the bank's record.
    """
    account.bank_status = "active" if state.active else "inactive"
    account.bank_paid_idr = state.paid_idr
    account.asked_at = session.clock.now()
    await confirm(account, state, session)
    missing = await _find_money(account, state, desk, session)
    doubted = await settle_doubts(account, state.paid_idr, state.paid_at, session)
    await publish_inquiry(session, account, state)
    await _follow(account, state, desk, session)
    await works.revive_verifying(session, account.id)
    return min((moment for moment in (missing, doubted) if moment), default=None)


async def learn_and_watch(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    """The same, and have the bank asked again where that is due."""
    again = await learn(account, state, desk, session)
    if again is not None:
        await works.add(session, WorkKind.WATCH, account.id, Call.INQUIRE, again)


async def _follow(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    if account.status != VaStatus.ACTIVE:
        return
    if state.active:
        await _compare_terms(account, state, session)
    elif closes_by_itself(account.kind, state.trx_amount_idr, state.paid_idr):
        await moves.to(session, account, VaStatus.PAID)
    else:
        await _ended(account, desk, session)


async def _ended(account: VirtualAccount, desk: Desk, session: Session) -> None:
    """The bank lets nobody pay any more, paid up or not; on its day, that is its end."""
    over = session.clock.now() >= account.expires_at and not account.wanted_closed
    await moves.to(session, account, VaStatus.EXPIRED if over else VaStatus.CANCELLED)
    if over:
        await renewal.reopen(account, desk.contract, session)


async def _find_money(
    account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> datetime | None:
    """Record the money of lost callbacks; the inquiry is its source and its proof (M8).

    Of several payments the bank tells the sum alone, so each gap becomes one payment, once no
    notification can be under way any more (R2). Gives when to look again, if there is a reason.
    """
    if state.paid_at is None or state.payment_ntb is None:
        return None
    known = await payments.covered(session, account.trx_id)
    paid_once = account.kind in PAID_ONCE
    if paid_once and known:
        return None
    again: list[datetime] = []
    for gap in find_gaps(known, state.paid_idr, state.paid_at):
        ripe_at = gap.paid_before + (timedelta() if paid_once else PATIENCE)
        if ripe_at > session.clock.now():
            again.append(ripe_at)
        else:
            await _record(gap, account, state, desk, session)
    return min(again, default=None)


async def _record(
    gap: Gap, account: VirtualAccount, state: BillingState, desk: Desk, session: Session
) -> None:
    reference = state.payment_ntb if gap.is_last else f"TANPA NOMOR {gap.upper_idr}"
    payment = NewPayment(
        id=new_id(),
        client_id=desk.contract.client_id,
        trx_id=account.trx_id,
        virtual_account=account.account_number,
        virtual_account_id=account.id,
        invoice_id=account.invoice_id,
        plan_id=account.plan_id,
        customer_id=account.customer_id,
        billed_idr=state.trx_amount_idr,
        amount_idr=gap.amount_idr,
        cumulative_idr=gap.upper_idr,
        payment_ntb=reference or "",
        payer_name=account.holder_name,
        paid_at=gap.paid_before,
        received_at=session.clock.now(),
        source=INQUIRY,
    )
    if not await payments.insert_payment(session, payment):
        return
    record_payment(session, "payment.received", payment)
    publish_payment(session, payment, PaymentReceived)
    stored = await payments.verify(session, payment.id, VERIFIED, payment.payment_ntb)
    record_payment(session, "payment.verified", stored, verification=UNVERIFIED)
    publish_payment(session, stored, PaymentVerified)


async def _compare_terms(account: VirtualAccount, state: BillingState, session: Session) -> None:
    """Show the amount that the bank really asks for, and correct it there if it is not ours."""
    await moves.change(session, account, amount_idr=state.trx_amount_idr)
    newest = await accounts.newest_version(session, account.id)
    if account.wanted_closed:
        call = Call.DEACTIVATE
        await works.add(session, WorkKind.DEACTIVATE, account.id, call, hurry=False)
    elif newest.amount_idr != state.trx_amount_idr:
        await works.add(session, WorkKind.UPDATE, account.id, Call.UPDATE, hurry=False)
    elif newest.expires_at == account.expires_at:
        await moves.change(session, account, trouble=None)  # the bank says what we say
