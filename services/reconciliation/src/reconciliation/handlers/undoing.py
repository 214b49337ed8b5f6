"""Taking a decision back: everything it posted is reversed, and the exception opens again."""

from __future__ import annotations

from uuid import UUID

from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.resolution import Action, NothingToUndo
from reconciliation.handlers import states
from reconciliation.handlers.allocating import reverse_one
from reconciliation.handlers.cases import account_of, lock_case
from reconciliation.handlers.counting import count_account
from reconciliation.handlers.decisions import join_again, take_back
from reconciliation.handlers.exceptions import close_exception, follow_leftover, reopen
from reconciliation.handlers.retracting import restore
from reconciliation.models import Allocation, MoneyException, Payment, Resolution
from reconciliation.store import copies, payments, resolutions
from shared import audit
from shared.contracts.reconciliation import PaymentReconciled
from shared.database import Session

_UNDONE = "Pencocokan diurungkan."


async def undo(
    session: Session, exception_id: UUID, version: int, reason: str, *, apply_credit: bool
) -> MoneyException:
    """Undo the decision that closed an exception.

    Args:
        apply_credit: credit that appears by it pays the next bill by itself.

    Raises:
        ExceptionNotFound: not there.
        VersionStale: somebody else was faster (K4).
        NothingToUndo: no decision stands; each is undone at most once.
        MoneyGone: what it attributed, or split, was partly returned or written off since.
    """
    found, payment = await lock_case(session, exception_id, version)
    resolution = await resolutions.find_live(session, found.id)
    if resolution is None or resolution.is_proposed:
        raise NothingToUndo
    before = None if payment is None else states.payment_facts(payment)
    if payment is not None and resolution.payment_id is not None:
        await _free_bills(session, payment, resolution, reason)
    await take_back(session, resolution, payment, reason)
    _audit(session, resolution, reason)
    if payment is not None and resolution.attributes:
        found.customer_id = None
        await close_exception(session, ExceptionKind.OVERPAID, str(payment.id), _UNDONE)
    await reopen(session, found, reason)
    if payment is not None and resolution.act is Action.REVERSE:
        await restore(session, found, payment, apply_credit=apply_credit)
    elif payment is not None and resolution.payment_id is not None:
        states.audit_payment(session, "payment.undone", payment, before, reason)
        await states.publish_payment(session, payment, PaymentReconciled)
        await follow_leftover(session, payment)
    elif resolution.act is Action.EXPLAIN and (number := await account_of(session, found)):
        await count_account(session, number, apply_credit=apply_credit)
    return found


async def _free_bills(
    session: Session, payment: Payment, resolution: Resolution, reason: str
) -> None:
    """Take back what the decision paid, directly or by the parts of a split."""
    if resolution.act is Action.SPLIT:
        await join_again(session, payment, reason)
        return
    for allocation in await _allocations_of(session, payment, resolution):
        await copies.get_invoice(session, allocation.invoice_id)
        await reverse_one(session, allocation, reason)


def _audit(session: Session, resolution: Resolution, reason: str) -> None:
    audit.record(
        session,
        action="exception.undone",
        object_type="exception",
        object_id=resolution.exception_id,
        after={"id": str(resolution.id), "action": resolution.action},
        reason=reason,
    )


async def _allocations_of(
    session: Session, payment: Payment, resolution: Resolution
) -> list[Allocation]:
    """Give what the decision allocated; without an owner the payment pays nothing at all."""
    if resolution.attributes:
        return await payments.live_allocations(session, payment_id=payment.id)
    return await payments.live_allocations(session, resolution_id=resolution.id)
