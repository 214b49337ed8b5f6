"""Taking decisions back in the ledger, whoever or whatever asks for it (M3)."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.resolution import Action, MoneyGone, ResolutionState
from reconciliation.handlers import books, states
from reconciliation.handlers.allocating import reverse_one
from reconciliation.handlers.exceptions import close_exception, follow_leftover
from reconciliation.models import Payment, Resolution
from reconciliation.store import copies, payments, resolutions
from shared.contracts.reconciliation import PaymentReversed
from shared.database import Session


async def take_back_decisions(session: Session, payment: Payment, reason: str) -> list[UUID]:
    """Take back every decision that moved money of a payment that is being reversed (C11).

    Gives the bills that are open again because the payment was split over them.
    """
    freed: list[UUID] = []
    for resolution in await resolutions.moving_money_of(session, payment.id):
        if resolution.act is Action.SPLIT:
            freed += await take_back_parts(session, payment, reason)
        await take_back(session, resolution, payment, reason)
        if resolution.attributes:
            await close_exception(session, ExceptionKind.OVERPAID, str(payment.id), reason)
    return freed


async def take_back_parts(session: Session, whole: Payment, reason: str) -> list[UUID]:
    """Reverse what a payment is split into, with everything it paid (ADR-0029)."""
    freed: list[UUID] = []
    for own in await payments.parts_standing(session, part_of=whole.id):
        before = states.payment_facts(own)
        own.trouble, own.verification = reason, whole.verification
        paid = await payments.live_allocations(session, payment_id=own.id)
        for allocation in paid:
            await copies.get_invoice(session, allocation.invoice_id)
            await reverse_one(session, allocation, reason)
        await take_back_decisions(session, own, reason)
        own.reversed_at = session.clock.now()
        await session.flush()
        await session.refresh(own, ["allocated_idr", "disposed_idr"])
        states.audit_payment(session, "payment.reversed", own, before, reason)
        await follow_leftover(session, own)
        await states.publish_payment(session, own, PaymentReversed, reason=reason)
        freed += [allocation.invoice_id for allocation in paid]
    return freed


async def join_again(session: Session, whole: Payment, reason: str) -> None:
    """Take a split back as a person asks; the money is nobody's again.

    Raises:
        MoneyGone: some of a part was returned or written off since.
    """
    parts = await payments.parts_standing(session, part_of=whole.id)
    if any(own.disposed_idr for own in parts):
        raise MoneyGone
    await take_back_parts(session, whole, reason)


async def take_back(
    session: Session, resolution: Resolution, payment: Payment | None, reason: str
) -> None:
    """Take a decision back, with what it posted.

    Raises:
        MoneyGone: what it attributed was partly returned or written off since.
    """
    if resolution.attributes and payment is not None and payment.disposed_idr:
        raise MoneyGone
    resolution.state = ResolutionState.UNDONE
    resolution.undone_by = session.principal.name
    resolution.undone_at = session.clock.now()
    resolution.undo_reason = reason
    await session.flush()
    if kind := _posted(resolution):
        await books.take_back(session, kind, resolution.id, reason)
    if payment is not None:
        await session.refresh(payment, _MOVED)


def _posted(resolution: Resolution) -> TransactionKind | None:
    if resolution.attributes:
        return TransactionKind.ATTRIBUTION
    return _POSTED.get(resolution.act)


_MOVED = ["customer_id", "allocated_idr", "disposed_idr", "split_idr"]
"""What triggers change when a decision moves."""

_POSTED = {
    Action.SPLIT: TransactionKind.SPLIT,
    Action.RETURN: TransactionKind.RETURN,
    Action.WRITE_OFF: TransactionKind.WRITE_OFF,
    Action.BOOK_FEE: TransactionKind.BANK_FEE,
    Action.BOOK_WITHDRAWAL: TransactionKind.WITHDRAWAL,
}
