"""Taking decisions back in the ledger, whoever or whatever asks for it (M3)."""

from __future__ import annotations

from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.ledger import TransactionKind
from reconciliation.domain.resolution import Action, MoneyGone, ResolutionState
from reconciliation.handlers import books
from reconciliation.handlers.exceptions import close_exception
from reconciliation.models import Payment, Resolution
from reconciliation.store import resolutions
from shared.database import Session


async def take_back_decisions(session: Session, payment: Payment, reason: str) -> None:
    """Take back every decision that moved money of a payment that is being reversed (C11)."""
    for resolution in await resolutions.moving_money_of(session, payment.id):
        await take_back(session, resolution, payment, reason)
        if resolution.attributes:
            await close_exception(session, ExceptionKind.OVERPAID, str(payment.id), reason)


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
