"""Payers' money, and the notification of each payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bni_sandbox.domain import billing as rules
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.refusal import Refused
from bni_sandbox.models import Billing, Delivery, Payment
from bni_sandbox.store import billing as store
from bni_sandbox.store import delivery as deliveries
from shared.database import Session
from shared.money import LARGEST_IDR

LEASE = timedelta(seconds=90)  # longer than a try and its duplicate may take
REORDER_HOLD = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Offer:
    """Money that a payer brings; ``paid_at`` moves the bank's own time of the payment."""

    number: str
    amount_idr: int
    paid_at: datetime | None = None


async def payable_billing(number: str, session: Session) -> Billing:
    """Find what a payer of this account would pay.

    Raises:
        Refused: 101 when nobody ever had the number, 100 or 103 when it is over.
    """
    return _payable(await store.lock_newest_of_account(session, number), session)


async def pay(offer: Offer, session: Session) -> tuple[Payment, Billing]:
    """Take a payer's money, as the paying channel would.

    Raises:
        Refused: the account is over, or the amount is not legal for its type.
    """
    billing = await payable_billing(offer.number, session)
    _check(billing, offer)
    [ntb] = await store.next_ntbs(session, 1)
    payment = _book(offer, billing, ntb, session)
    await session.flush()  # before its notification, which points to it
    return payment, billing


async def pay_many(
    offers: Sequence[Offer], session: Session
) -> list[tuple[Payment, Billing] | Refused]:
    """Take many payments at once, in their order; a refused one does not touch the others."""
    found = await store.lock_of_accounts(session, (offer.number for offer in offers))
    ntbs = await store.next_ntbs(session, len(offers))
    outcomes: list[tuple[Payment, Billing] | Refused] = []
    for offer, ntb in zip(offers, ntbs, strict=True):
        try:
            billing = _payable(found.get(offer.number), session)
            _check(billing, offer)
        except Refused as refused:
            outcomes.append(refused)
        else:
            outcomes.append((_book(offer, billing, ntb, session), billing))
    await session.flush()
    return outcomes


async def announce(
    payment: Payment, billing: Billing, faults: Faults, chance: Chance, session: Session
) -> Delivery:
    """Queue the notification of a payment, or lose it, or hold it back."""
    now = session.clock.now()
    occasion = f"{payment.trx_id}/{payment.cumulative_idr}"
    delivery = Delivery(
        payment_id=payment.id,
        members=payment.notification(billing).members(),
        state=deliveries.PENDING,
        due_at=now + timedelta(milliseconds=faults.delay_ms),
    )
    if chance.strikes(faults.drop, "drop", occasion):
        delivery.state, delivery.due_at, delivery.ended_at = deliveries.WITHHELD, None, now
    elif chance.strikes(faults.reorder, "reorder", occasion):
        await _hold_unless_another(delivery, session)
    session.add(delivery)
    return delivery


def lease_at_once(delivery: Delivery, session: Session) -> bool:
    """Let the one who took the money make the first try himself, if its time has come."""
    now = session.clock.now()
    if delivery.due_at is None or delivery.due_at > now:
        return False
    delivery.attempts, delivery.leased_until = 1, now + LEASE
    return True


async def announce_again(payment_id: UUID, times: int, session: Session) -> int:
    """Send the notification of a payment again, now; give how many are on their way.

    One that waits for its next try goes at once; the others are new.
    """
    now = session.clock.now()
    waiting = await deliveries.lock_waiting(session, payment_id)
    if waiting is not None:
        waiting.due_at, waiting.held = now, False
        times -= 1
    first = await deliveries.first_of(session, payment_id)
    if first is None:
        return 0
    for _ in range(times):
        session.add(
            Delivery(
                payment_id=first.payment_id,
                members=first.members,
                state=deliveries.PENDING,
                due_at=now,
                repeated=True,
            )
        )
    return times + (waiting is not None)


async def _hold_unless_another(delivery: Delivery, session: Session) -> None:
    """Hold one at a time, so that there is always one that overtakes."""
    if not await deliveries.anybody_held(session):
        delivery.held = True
        delivery.due_at = session.clock.now() + REORDER_HOLD


def _payable(billing: Billing | None, session: Session) -> Billing:
    if billing is None:
        raise Refused("101")
    rules.check_open(billing.touch(session.clock.now()))
    return billing


def _check(billing: Billing, offer: Offer) -> None:
    rules.check_payment(billing.kind, billing.trx_amount_idr, billing.paid_idr, offer.amount_idr)
    if billing.paid_idr + offer.amount_idr > LARGEST_IDR:  # fourteen digits, as the protocol has
        raise Refused("011")


def _book(offer: Offer, billing: Billing, ntb: str, session: Session) -> Payment:
    now = session.clock.now()
    payment = Payment(
        trx_id=billing.trx_id,
        ntb=ntb,
        customer_name=billing.customer_name,
        amount_idr=offer.amount_idr,
        cumulative_idr=billing.paid_idr + offer.amount_idr,
        paid_at=(offer.paid_at or now).replace(microsecond=0),
        made_at=now,
    )
    billing.take(payment)
    billing.updated_at = now
    session.add(payment)
    return payment
