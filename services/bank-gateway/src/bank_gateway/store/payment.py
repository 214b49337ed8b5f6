"""Queries on payments, quarantined messages and the sealed exchanges."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bank_gateway.domain.gaps import Covered
from bank_gateway.domain.notice import Notice
from bank_gateway.domain.payment import NewPayment
from bank_gateway.models import Exchange, Payment, QuarantinedNotice
from shared.database import Session
from shared.errors import Conflict

_DISPUTED = "disputed"
_QUARANTINED, _REJECTED = "quarantined", "rejected"


async def insert_payment(session: Session, payment: NewPayment) -> bool:
    """Insert a payment; False when its interval or its journal key is taken (M8, I)."""
    row = asdict(payment)
    claim = insert(Payment).values(row).on_conflict_do_nothing().returning(col(Payment.id))
    return (await session.execute(claim)).first() is not None


async def clashing_payments(session: Session, payment: NewPayment) -> list[Payment]:
    """List the undisputed payments whose interval or key the given one would take."""
    lower = payment.cumulative_idr - payment.amount_idr
    overlaps = (col(Payment.cumulative_idr) > lower) & (
        col(Payment.cumulative_idr) - col(Payment.amount_idr) < payment.cumulative_idr
    )
    same_key = (col(Payment.payment_ntb) == payment.payment_ntb) & (
        col(Payment.paid_at) == payment.paid_at
    )
    same_billing = (col(Payment.trx_id) == payment.trx_id) & (overlaps | same_key)
    named = payment.request_id is not None  # compared with None, it would be every unnamed one
    same = same_billing | (col(Payment.request_id) == payment.request_id) if named else same_billing
    query = select(Payment).where(
        Payment.client_id == payment.client_id, Payment.verification != _DISPUTED, same
    )
    return list((await session.exec(query)).all())


async def payment_of_request(session: Session, client_id: str, request_id: str) -> Payment | None:
    """Give the undisputed payment that the bank told of under this name of its own."""
    query = select(Payment).where(
        Payment.client_id == client_id,
        Payment.request_id == request_id,
        Payment.verification != _DISPUTED,
    )
    return (await session.exec(query)).first()


async def payment_of_journal(session: Session, notice: Notice) -> Payment | None:
    """Give the undisputed payment that the bank booked under the same number at the same time."""
    query = select(Payment).where(
        Payment.client_id == notice.origin.client_id,
        Payment.trx_id == notice.trx_id,
        Payment.payment_ntb == notice.payment_ntb,
        Payment.paid_at == notice.paid_at,
        Payment.verification != _DISPUTED,
    )
    return (await session.exec(query)).first()


async def payment(session: Session, payment_id: UUID) -> Payment | None:
    return await session.get(Payment, payment_id)


async def lock_payment(session: Session, payment_id: UUID) -> Payment | None:
    return await session.get(Payment, payment_id, with_for_update=True)


async def lock_unverified(session: Session, trx_id: str) -> list[Payment]:
    """Lock the payments of a billing that the bank has yet to confirm, lowest first.

    One that somebody else is settling is left to him.
    """
    query = select(Payment).where(Payment.trx_id == trx_id, Payment.verification == "unverified")
    lowest = query.order_by(col(Payment.cumulative_idr), col(Payment.id))
    return list((await session.exec(lowest.with_for_update(skip_locked=True))).all())


async def known_total_idr(session: Session, trx_id: str) -> int:
    """Sum what we were told was paid on a billing, disputed payments left out."""
    query = select(func.coalesce(func.sum(Payment.amount_idr), 0)).where(
        Payment.trx_id == trx_id, Payment.verification != _DISPUTED
    )
    return int((await session.exec(query)).one())


async def covered(session: Session, trx_id: str) -> list[Covered]:
    """List what the undisputed payments of a billing cover."""
    query = select(Payment).where(Payment.trx_id == trx_id, Payment.verification != _DISPUTED)
    return [past.interval for past in (await session.exec(query)).all()]


async def is_quarantined(session: Session, fingerprint: str) -> bool:
    query = select(QuarantinedNotice.id).where(QuarantinedNotice.fingerprint == fingerprint)
    return (await session.exec(query)).first() is not None


async def quarantine(session: Session, notice: QuarantinedNotice) -> bool:
    """Keep a contradicting message once and count its repeats; True the first time."""
    claim = insert(QuarantinedNotice).values(notice.model_dump())
    counted = claim.on_conflict_do_update(
        index_elements=["fingerprint"],
        set_={
            "times_seen": col(QuarantinedNotice.times_seen) + 1,
            "last_seen_at": notice.last_seen_at,
        },
    ).returning(col(QuarantinedNotice.times_seen))
    return bool((await session.execute(counted)).scalar_one() == 1)


async def lock_doubted(session: Session, account_id: UUID) -> list[QuarantinedNotice]:
    """Lock the messages about an account that are still in quarantine, oldest first."""
    query = select(QuarantinedNotice).where(
        QuarantinedNotice.virtual_account_id == account_id,
        QuarantinedNotice.state == _QUARANTINED,
    )
    oldest = query.order_by(col(QuarantinedNotice.id)).with_for_update()
    return list((await session.exec(oldest)).all())


async def reject(session: Session, notice_id: UUID) -> None:
    """Move a locked message out of quarantine by a guarded update: it is known what is true (S)."""
    quarantined = update(QuarantinedNotice).where(
        col(QuarantinedNotice.id) == notice_id, col(QuarantinedNotice.state) == _QUARANTINED
    )
    await session.execute(quarantined.values(state=_REJECTED))


async def received_since(session: Session, trx_id: str, moment: datetime) -> list[Payment]:
    """List the undisputed payments of a billing that we have known of since a moment."""
    query = select(Payment).where(
        Payment.trx_id == trx_id,
        col(Payment.received_at) >= moment,
        Payment.verification != _DISPUTED,
    )
    return list((await session.exec(query)).all())


async def count_quarantined(session: Session) -> int:
    query = select(func.count()).where(QuarantinedNotice.state == _QUARANTINED)
    return (await session.exec(query)).one()


async def delete_exchanges_before(session: Session, moment: datetime, limit: int) -> int:
    """Delete a batch of sealed messages older than a moment (C9); give how many."""
    old = select(Exchange.id).where(col(Exchange.at) < moment).limit(limit)
    gone = delete(Exchange).where(col(Exchange.id).in_(old)).returning(col(Exchange.id))
    return len((await session.execute(gone)).all())


async def leave_to_person(session: Session, payment_id: UUID, *, is_left: bool) -> Payment:
    """Note whether a person is asked about a locked payment; gives its new version."""
    noted = (
        update(Payment)
        .where(col(Payment.id) == payment_id)
        .values(left_to_person=is_left, version=col(Payment.version) + 1)
        .returning(Payment)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(noted)).scalar_one()


async def verify(session: Session, payment_id: UUID, verdict: str, reference: str) -> Payment:
    """Move an unverified payment to its verdict by a guarded update (S).

    Raises:
        Conflict: it was judged in between.
    """
    guarded = (
        update(Payment)
        .where(col(Payment.id) == payment_id, col(Payment.verification) == "unverified")
        .values(verification=verdict, payment_ntb=reference, version=col(Payment.version) + 1)
        .returning(Payment)
        .execution_options(populate_existing=True)
    )
    judged = (await session.execute(guarded)).scalar_one_or_none()
    if judged is None:
        raise Conflict
    return judged
