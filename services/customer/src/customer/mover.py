"""Hands customers over piece by piece, as the person who pressed; restart-safe.

A piece is one transaction: its customers, their events and audit rows, and what became of each
row. A worker that dies leaves whole pieces behind, and the next one goes on with the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from customer.domain.handover import HandoverState, RowState
from customer.handlers.customers import reassign_customer
from customer.handlers.handovers import finish
from customer.models import Handover, HandoverRow
from customer.store import customers, handovers
from shared import context
from shared.database import Session, Sessions
from shared.errors import DomainError
from shared.ids import new_id
from shared.operations import ROLES
from shared.principal import Principal

CHANNEL = "lunas_handovers"
PIECE = 50
FORGET_EVERY = timedelta(hours=1)
DRAFTS_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class Mover:
    """One worker on handovers."""

    sessions: Sessions
    service: str

    async def step(self) -> timedelta | None:
        """Do one piece; tell when to come again."""
        async with self.sessions.begin(Principal.system(self.service)) as session:
            job = await handovers.at_work(session)
        if job is None:
            return None
        with context.bound(str(new_id())):
            async with self.sessions.begin(_maker(job)) as session:
                held = await handovers.get(session, job.id, lock=True)
                if held.state is job.state:
                    await _piece(session, held)
        return timedelta()

    async def forget_step(self) -> timedelta | None:
        """Delete drafts that nobody ran."""
        async with self.sessions.begin(Principal.system(self.service)) as session:
            await handovers.forget_drafts(session, session.clock.now() - DRAFTS_KEPT)
        return FORGET_EVERY


async def _piece(session: Session, handover: Handover) -> None:
    running = handover.state is HandoverState.RUNNING
    wanted = RowState.WAITING if running else RowState.MOVED
    rows = await handovers.to_do(session, handover, wanted, PIECE)
    for row in rows:
        if running:
            await _move(session, handover, row, (row.from_id, handover.to_id), RowState.MOVED)
        else:
            await _move(session, handover, row, (handover.to_id, row.from_id), RowState.RETURNED)
    await session.flush()
    if len(rows) < PIECE:
        await finish(session, handover)


async def _move(
    session: Session, handover: Handover, row: HandoverRow, way: tuple[UUID, UUID], done: RowState
) -> None:
    """Move one customer, unless somebody else moved him meanwhile: that stands."""
    owner_id, target_id = way
    customer = await customers.get(session, row.customer_id)
    if customer.marketing_id != owner_id:
        row.state, row.note = RowState.SKIPPED, f"sudah pada {customer.marketing_name}"
        return
    reason = handover.reason if done is RowState.MOVED else "Pemindahan dikembalikan"
    try:
        async with session.begin_nested():
            await reassign_customer(
                session, row.customer_id, target_id, reason, handover_id=handover.id
            )
            await session.flush()
    except DomainError as error:
        row.state, row.note = RowState.SKIPPED, str(error)
        return
    row.state = done


def _maker(job: Handover) -> Principal:
    """The person who pressed, with what his role may do."""
    permissions = ROLES[job.made_by_role].permissions
    return Principal(job.made_by_id, job.made_by_name, job.made_by_role, None, permissions)
