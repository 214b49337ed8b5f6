"""Taking a decision back: everything it posted is reversed, and the exception opens again."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.resolution import (
    Action,
    MoneyGone,
    NothingToUndo,
    ResolutionState,
)
from reconciliation.handlers import books, states
from reconciliation.handlers.allocating import reverse_one
from reconciliation.handlers.exceptions import close_exception, follow_leftover, reopen
from reconciliation.handlers.resolving import lock_case
from reconciliation.models import Allocation, MoneyException, Payment, Resolution
from reconciliation.store import copies, payments, resolutions
from shared import audit
from shared.contracts.reconciliation import PaymentReconciled
from shared.database import Session

_UNDONE = "Pencocokan diurungkan."


async def undo(session: Session, exception_id: UUID, version: int, reason: str) -> MoneyException:
    """Undo the decision that closed an exception.

    Raises:
        ExceptionNotFound: not there.
        VersionStale: somebody else was faster (K4).
        NothingToUndo: no decision stands; each is undone at most once.
        MoneyGone: what it attributed was partly returned or written off since.
    """
    found, payment = await lock_case(session, exception_id, version)
    resolution = await resolutions.find_live(session, found.id)
    if resolution is None or resolution.is_proposed:
        raise NothingToUndo
    before = None if payment is None else states.payment_facts(payment)
    if payment is not None and resolution.payment_id is not None:
        for allocation in await _allocations_of(session, payment, resolution):
            await copies.get_invoice(session, allocation.invoice_id)
            await reverse_one(session, allocation, reason)
    await _take_back(session, resolution, payment, reason)
    audit.record(
        session,
        action="exception.undone",
        object_type="exception",
        object_id=found.id,
        after={"id": str(resolution.id), "action": resolution.action},
        reason=reason,
    )
    if payment is not None and resolution.attributes:
        found.customer_id = None
        await close_exception(session, ExceptionKind.OVERPAID, str(payment.id), _UNDONE)
    await reopen(session, found, reason)
    if payment is not None and resolution.payment_id is not None:
        states.audit_payment(session, "payment.undone", payment, before, reason)
        await states.publish_payment(session, payment, PaymentReconciled)
        await follow_leftover(session, payment)
    return found


async def take_back_decisions(session: Session, payment: Payment, reason: str) -> None:
    """Take back every decision that moved money of a payment that is being reversed (C11)."""
    for resolution in await resolutions.moving_money_of(session, payment.id):
        await _take_back(session, resolution, payment, reason)
        if resolution.attributes:
            await close_exception(session, ExceptionKind.OVERPAID, str(payment.id), reason)


async def _allocations_of(
    session: Session, payment: Payment, resolution: Resolution
) -> list[Allocation]:
    """Give what the decision allocated; without an owner the payment pays nothing at all."""
    if resolution.attributes:
        return await payments.live_allocations(session, payment_id=payment.id)
    return await payments.live_allocations(session, resolution_id=resolution.id)


async def _take_back(
    session: Session, resolution: Resolution, payment: Payment | None, reason: str
) -> None:
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
        await session.refresh(payment, ["customer_id", "allocated_idr", "disposed_idr"])


def _posted(resolution: Resolution) -> TransactionKind | None:
    if resolution.attributes:
        return TransactionKind.ATTRIBUTION
    return _POSTED.get(resolution.act)


_POSTED = {
    Action.RETURN: TransactionKind.RETURN,
    Action.WRITE_OFF: TransactionKind.WRITE_OFF,
    Action.BOOK_FEE: TransactionKind.BANK_FEE,
    Action.BOOK_WITHDRAWAL: TransactionKind.WITHDRAWAL,
}
