"""Seeing money: what each source tells is kept once, then the books of the account follow."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from reconciliation.domain.payment import Verification, verify
from reconciliation.handlers.counting import count_account
from reconciliation.models import Sighting
from reconciliation.store import copies, sightings
from shared.clock import business_day
from shared.contracts.bank_gateway import PaymentDisputed, PaymentState
from shared.database import Session
from shared.errors import NotFound

INQUIRY = "inquiry"


class PayerJustFound(NotFound):
    """Somebody is saying at this moment whose money it is; the event comes again."""

    detail = "Pemilik pembayaran ini baru saja ditetapkan. Kejadian ini diulang."


async def take_payment(event: PaymentState, session: Session, *, apply_credit: bool) -> None:
    """Take what the bank told of a payment, whichever of its events brings it first (E1, E5).

    Each source tells of a payment once; what it tells again changes nothing. A denial ends in a
    reversal that frees everything it paid (C11), unless a statement shows the money.

    Raises:
        CustomerNotFound: the customer has not arrived yet.
        InvalidTransition: the bank contradicts itself.
    """
    number = event.virtual_account
    await lock(session, [number], event.customer_id)
    await _check(event, session)
    news = False
    for sighting in _told(event, session):
        news = await sightings.add(session, sighting) or news
    if news:
        denied = event.aggregate_id if isinstance(event, PaymentDisputed) else None
        await count_account(session, number, apply_credit=apply_credit, denied=denied)


async def lock(session: Session, numbers: Iterable[str], customer_id: UUID | None = None) -> None:
    """Lock whoever has money at some accounts, or may have, and then the accounts (K2).

    A person may have said whose money it is: whoever decides that locks the account as well.

    Raises:
        CustomerNotFound: he has not arrived yet.
        PayerJustFound: the owner of some of the money changed before the account was locked.
    """
    ordered = sorted(set(numbers))
    owners = {customer_id} if customer_id else set()
    for number in ordered:
        owners |= await sightings.owners_at(session, number)
    for each in sorted(owners):
        await copies.lock_customer(session, each)
    for number in ordered:
        await sightings.lock_account(session, number)
        if not await sightings.payers_at(session, number) <= owners:
            raise PayerJustFound


async def _check(event: PaymentState, session: Session) -> None:
    """Refuse that the bank confirms what it denied, or denies what it confirmed."""
    asked = await sightings.of_subject(session, event.aggregate_id, INQUIRY)
    if asked is not None:
        known = Verification.DISPUTED if asked.is_denial else Verification.VERIFIED
        verify(known, Verification(event.verification))


def _told(event: PaymentState, session: Session) -> list[Sighting]:
    """Give what an event says: who told of the money first, and what the bank said when asked."""
    asked = event.verification != "unverified" and event.source != INQUIRY
    sources: list[str] = [event.source, INQUIRY] if asked else [event.source]
    return [_sighting(event, source, session) for source in sources]


def _sighting(event: PaymentState, source: str, session: Session) -> Sighting:
    denial = event.trouble if isinstance(event, PaymentDisputed) and source == INQUIRY else None
    return Sighting(
        source=source,
        subject_id=event.aggregate_id,
        is_denial=denial is not None,
        trouble=denial,
        virtual_account=event.virtual_account,
        trx_id=event.trx_id,
        customer_id=event.customer_id,
        invoice_id=event.invoice_id,
        plan_id=event.plan_id,
        amount_idr=event.amount_idr,
        reference=event.bank_reference,
        payer_name=event.payer_name,
        day=business_day(event.paid_at),
        paid_at=event.paid_at,
        seen_at=event.received_at if source != INQUIRY else session.clock.now(),
    )
