"""Money that the bank holds and no callback told of: the inquiry is its source and its proof (M8).

It is looked for on every billing, also on one that we never registered (M9, R2): after a restore
that is older than the billing nobody else could tell of it (P5).
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bank_gateway.domain.account import PAID_ONCE
from bank_gateway.domain.gaps import PATIENCE, Gap, find_gaps
from bank_gateway.domain.notice import Notice, Origin, Registered
from bank_gateway.domain.payment import NewPayment
from bank_gateway.handlers.attempt import Desk
from bank_gateway.handlers.confirming import UNVERIFIED, VERIFIED
from bank_gateway.handlers.events import publish_payment, record_payment
from bank_gateway.models import INQUIRY
from bank_gateway.store import account as accounts
from bank_gateway.store import payment as payments
from bni_protocol.fields import BillingState
from shared.contracts.bank_gateway import PaymentReceived, PaymentVerified
from shared.database import Session
from shared.ids import new_id


async def find_money(state: BillingState, desk: Desk, session: Session) -> datetime | None:
    """Record what is missing of a billing; of one of ours, the caller holds the account's lock.

    Of several payments the bank tells the sum alone, so each gap becomes one payment, once no
    notification can be under way any more (R2). Gives when to look again, if there is a reason.
    """
    if state.paid_at is None or state.payment_ntb is None:
        return None
    known = await payments.covered(session, state.trx_id)
    gaps = find_gaps(known, state.paid_idr, state.paid_at)
    if not gaps:
        return None
    registered = await accounts.registered(session, state.trx_id)
    paid_once = registered is not None and registered.billing_type in PAID_ONCE
    if paid_once and known:
        return None
    again: list[datetime] = []
    for gap in gaps:
        ripe_at = gap.paid_before + (timedelta() if paid_once else PATIENCE)
        if ripe_at > session.clock.now():
            again.append(ripe_at)
        else:
            await _record(_told(gap, registered, state, desk), registered, session)
    return min(again, default=None)


async def missing_idr(trx_id: str, session: Session) -> int:
    """Sum the gaps below what is known of a billing."""
    known = await payments.covered(session, trx_id)
    reached_idr = max((each.upper_idr for each in known), default=0)
    return reached_idr - sum(each.upper_idr - each.lower_idr for each in known)


def _told(gap: Gap, registered: Registered | None, state: BillingState, desk: Desk) -> Notice:
    """Say what a callback would have told of the money in a gap, as far as the bank says it."""
    reference = state.payment_ntb if gap.is_last else f"TANPA NOMOR {gap.upper_idr}"
    return Notice(
        origin=Origin(desk.contract.client_id, INQUIRY),
        trx_id=state.trx_id,
        virtual_account=registered.virtual_account if registered else state.virtual_account,
        payer_name=registered.holder_name if registered else "",
        billed_idr=state.trx_amount_idr,
        amount_idr=gap.amount_idr,
        cumulative_idr=gap.upper_idr,
        payment_ntb=reference or "",
        paid_at=gap.paid_before,
    )


async def _record(told: Notice, registered: Registered | None, session: Session) -> None:
    made = NewPayment.of(new_id(), told, registered, session.clock.now())
    payment = replace(made, source=INQUIRY)
    if not await payments.insert_payment(session, payment):
        return
    record_payment(session, f"payment.{payment.status}", payment)
    publish_payment(session, payment, PaymentReceived)
    stored = await payments.verify(session, payment.id, VERIFIED, payment.payment_ntb)
    record_payment(session, "payment.verified", stored, verification=UNVERIFIED)
    publish_payment(session, stored, PaymentVerified)
