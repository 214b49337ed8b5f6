"""Handing customers over in bulk: chosen and looked at, run, taken back within a day (A43)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from customer.domain.handover import (
    MOST,
    HandoverState,
    NobodyToMove,
    RowState,
    TooManyToMove,
    check_confirmed,
    check_undo,
    move,
)
from customer.models import Handover
from customer.store import handovers, users
from shared import audit, outbox
from shared.contracts.customer import CustomersHandedOver, HandedPart
from shared.database import Session


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is handed over: those named, or all of one Marketing."""

    customers: Sequence[UUID] | None = None
    owner_id: UUID | None = None


async def draft_handover(
    session: Session, chosen: Chosen, marketing_id: UUID, reason: str
) -> Handover:
    """Keep who would move, and change nothing.

    Raises:
        MarketingNotFound: the target is not an active Marketing.
        NobodyToMove: nobody of those chosen would change hands.
        TooManyToMove: more than one handover takes.
    """
    target = await users.get_marketing(session, marketing_id)
    principal = session.principal
    handover = Handover(
        to_id=target.id,
        to_name=target.name,
        reason=reason,
        state=HandoverState.DRAFT,
        total=0,
        made_by_id=principal.user_id,
        made_by_name=principal.name,
        made_by_role=principal.role,
        made_at=session.clock.now(),
    )
    session.add(handover)
    await session.flush()
    handover.total = await handovers.add_rows(session, handover, chosen.customers, chosen.owner_id)
    if not handover.total:
        raise NobodyToMove(field="customer_ids")
    if handover.total > MOST:
        raise TooManyToMove(most=MOST, field="customer_ids")
    return handover


async def run_handover(session: Session, handover_id: UUID) -> Handover:
    """Let the worker begin; pressed again it changes nothing.

    Raises:
        ConfirmationNeeded: many customers, and the password was not given lately (A8).
    """
    handover = await handovers.get(session, handover_id, lock=True)
    if handover.state is not HandoverState.DRAFT:
        return handover
    check_confirmed(handover.total, confirmed=session.principal.confirmed)
    handover.started_at = session.clock.now()
    go_on(session, handover, HandoverState.RUNNING, "started")
    return handover


async def undo_handover(session: Session, handover_id: UUID) -> Handover:
    """Let the worker give everybody back who is still where he was moved to.

    Raises:
        InvalidTransition: it is not done.
        UndoTooLate: a day has passed.
        ConfirmationNeeded: as for running it.
    """
    handover = await handovers.get(session, handover_id, lock=True)
    if handover.state in {HandoverState.UNDOING, HandoverState.UNDONE}:
        return handover
    move(handover.state, HandoverState.UNDOING)
    check_undo(handover.finished_at, session.clock.now())
    check_confirmed(handover.total, confirmed=session.principal.confirmed)
    go_on(session, handover, HandoverState.UNDOING, "taken_back")
    return handover


async def finish(session: Session, handover: Handover) -> None:
    """End what was at work, and tell both Marketing once each, not once per customer."""
    now = session.clock.now()
    undone = handover.state is HandoverState.UNDOING
    told = RowState.RETURNED if undone else RowState.MOVED
    if undone:
        handover.undone_at = now
        go_on(session, handover, HandoverState.UNDONE, "undone")
    else:
        handover.finished_at = now
        go_on(session, handover, HandoverState.DONE, "done")
    parts = await handovers.parts(session, handover.id, [told])
    if not parts:
        return
    event = CustomersHandedOver.of(
        handover.version,
        now,
        handover.id,
        to_id=handover.to_id,
        to_name=handover.to_name,
        parts=[
            HandedPart(from_id=from_id, from_name=name, customers=count, customer_id=one)
            for from_id, name, count, one in parts
        ],
        undone=undone,
        reason=handover.reason,
    )
    outbox.publish(session, event)


def go_on(session: Session, handover: Handover, target: HandoverState, act: str) -> None:
    """Move to another state, with its audit row."""
    handover.state = move(handover.state, target)
    handover.version += 1
    audit.record(
        session,
        action=f"handover.{act}",
        object_type="handover",
        object_id=handover.id,
        after={"marketing_name": handover.to_name, "rows": handover.total},
        reason=handover.reason,
    )
