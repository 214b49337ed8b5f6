"""Queries of what people decided about exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, or_
from sqlmodel import col, select

from reconciliation.domain.resolution import DISPOSALS, Action, ResolutionState
from reconciliation.models import ExceptionNote, Payment, Resolution
from shared.database import Session


async def find_live(session: Session, exception_id: UUID) -> Resolution | None:
    """Lock the decision of an exception that is proposed or stands; there is one at most."""
    query = select(Resolution).where(
        Resolution.exception_id == exception_id,
        col(Resolution.state).in_([ResolutionState.PROPOSED, ResolutionState.DONE]),
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return (await session.exec(locked)).first()


async def keeps_credit(session: Session, payment: Payment) -> bool:
    """Tell whether a person decided that what is left of a payment stays credit.

    Of a part of a split, whether its owner was named for the rest (ADR-0029).
    """
    query = select(Resolution.id).where(
        or_(
            and_(col(Resolution.payment_id) == payment.id, col(Resolution.action) == Action.CREDIT),
            and_(
                col(Resolution.id) == payment.split_by,
                col(Resolution.customer_id) == payment.customer_id,
            ),
        ),
        Resolution.state == ResolutionState.DONE,
    )
    return (await session.exec(query.limit(1))).first() is not None


async def moving_money_of(session: Session, payment_id: UUID) -> list[Resolution]:
    """Lock the standing decisions that moved a payment's money, newest first.

    Its reversal itself is none of them: that took all of it.
    """
    query = (
        select(Resolution)
        .where(
            Resolution.payment_id == payment_id,
            Resolution.state == ResolutionState.DONE,
            Resolution.action != Action.REVERSE,
        )
        .order_by(col(Resolution.id).desc())
        .with_for_update()
    )
    return list((await session.exec(query)).all())


async def disposals_of(session: Session, payment_id: UUID) -> list[Resolution]:
    """Give what was returned or written off of a payment, oldest first; also what was undone."""
    query = (
        select(Resolution)
        .where(
            Resolution.payment_id == payment_id,
            col(Resolution.action).in_(DISPOSALS),
            col(Resolution.state).in_([ResolutionState.DONE, ResolutionState.UNDONE]),
        )
        .order_by(col(Resolution.id))
    )
    return list((await session.exec(query)).all())


async def retracted_at(session: Session, number: str) -> frozenset[UUID]:
    """Give the payments of an account that persons reversed because the bank denies them."""
    query = (
        select(Payment.id)
        .join(Resolution, col(Resolution.payment_id) == Payment.id)
        .where(
            Payment.virtual_account == number,
            Resolution.action == Action.REVERSE,
            Resolution.state == ResolutionState.DONE,
        )
    )
    return frozenset((await session.exec(query)).all())


async def of_exceptions(
    session: Session, exception_ids: Sequence[UUID]
) -> dict[UUID, list[Resolution]]:
    """Give the decisions of several exceptions, oldest first."""
    query = (
        select(Resolution)
        .where(col(Resolution.exception_id).in_(exception_ids))
        .order_by(col(Resolution.id))
    )
    found: dict[UUID, list[Resolution]] = {each: [] for each in exception_ids}
    for resolution in (await session.exec(query)).all():
        found[resolution.exception_id].append(resolution)
    return found


async def notes_of(session: Session, exception_id: UUID) -> list[ExceptionNote]:
    """Give what was asked and answered, oldest first."""
    query = (
        select(ExceptionNote)
        .where(ExceptionNote.exception_id == exception_id)
        .order_by(col(ExceptionNote.id))
    )
    return list((await session.exec(query)).all())
