"""The queue of work for the bank: due rows are leased, never two workers on one (K3)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bank_gateway.domain.schedule import TRIES_MAX
from bank_gateway.models import Call, CallPause, Payment, Work, WorkKind
from bank_gateway.store.limits import resting
from shared import context
from shared.database import Session

CHANNEL = "bank_gateway_work"


async def add(
    session: Session,
    kind: WorkKind,
    subject_id: UUID,
    call: Call,
    due_at: datetime | None = None,
    *,
    hurry: bool = True,
) -> None:
    """Queue work; what is queued already is done no later than now asked for.

    Args:
        hurry: False leaves the pauses of what is queued already as they are.
    """
    now = session.clock.now()
    row = Work(
        kind=kind,
        subject_id=subject_id,
        call=call,
        due_at=due_at or now,
        correlation_id=context.correlation_id(),
        created_at=now,
    )
    fresh = insert(Work).values(row.model_dump())
    merge = func.least if hurry else func.coalesce  # both take what is not NULL
    sooner = merge(Work.due_at, fresh.excluded.due_at)
    await session.execute(
        fresh.on_conflict_do_update(index_elements=["kind", "subject_id"], set_={"due_at": sooner})
    )


async def lease(session: Session, duration: timedelta) -> Work | None:
    """Take the most overdue work; a dead worker's lease runs out by itself."""
    now = session.clock.now()
    query = (
        select(Work)
        .where(
            col(Work.due_at) <= now,
            or_(col(Work.leased_until).is_(None), col(Work.leased_until) <= now),
            col(Work.call).not_in(select(CallPause.call).where(*resting(session))),
        )
        .order_by(col(Work.due_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    work = (await session.exec(query)).first()
    if work is not None:
        work.leased_until = now + duration
    return work


async def put_off(
    session: Session, work_id: UUID, call: Call, due_at: datetime | None = None
) -> None:
    """Give leased work back as it was, due at its old time or at a later one."""
    values = {"call": call, "leased_until": None} | ({"due_at": due_at} if due_at else {})
    await session.execute(update(Work).where(col(Work.id) == work_id).values(values))


async def is_under_way(session: Session, kind: WorkKind, subject_id: UUID) -> bool:
    """Tell whether there is such work that is not left to a person."""
    same = (Work.kind == kind, Work.subject_id == subject_id)
    query = select(Work.id).where(*same, col(Work.due_at).is_not(None))
    return (await session.exec(query)).first() is not None


async def remove(session: Session, kind: WorkKind, subject_ids: Sequence[UUID]) -> None:
    """Forget work that is done; who is at it finds it gone."""
    if subject_ids:
        done = delete(Work).where(col(Work.kind) == kind, col(Work.subject_id).in_(subject_ids))
        await session.execute(done)


async def renew(session: Session, work: Work, until: datetime) -> None:
    """Keep leased work longer."""
    kept = update(Work).where(col(Work.id) == work.id, col(Work.leased_until) == work.leased_until)
    await session.execute(kept.values(leased_until=until))
    work.leased_until = until


async def lock_leased(session: Session, work: Work) -> Work | None:
    """Lock leased work; None when it is over, or somebody else's since the lease ran out (K3)."""
    current = await session.get(Work, work.id, with_for_update=True)
    is_ours = current is not None and current.leased_until == work.leased_until
    return current if is_ours else None


async def next_due_at(session: Session) -> datetime | None:
    paused = select(CallPause.until).where(CallPause.call == Work.call, *resting(session))
    free_at = func.greatest(Work.due_at, Work.leased_until, paused.scalar_subquery())
    query = select(func.min(free_at)).where(col(Work.due_at).is_not(None))
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def wake_failed(session: Session, *, everything: bool) -> None:
    """Make due at once what waits only because the bank did not answer.

    What failed more than five times while the bank answered others fails for a reason of its own:
    it is woken only after the bank was away for all.
    """
    now = session.clock.now()
    waiting = select(Work.id).where(col(Work.failures) > 0, col(Work.due_at) > now)
    if not everything:
        waiting = waiting.where(col(Work.failures) <= TRIES_MAX)
    free = waiting.with_for_update(skip_locked=True)
    await session.execute(update(Work).where(col(Work.id).in_(free)).values(due_at=now))


async def revive_verifying(session: Session, trx_id: str) -> None:
    """Ask once more about payments that were left to a person: the bank answers again."""
    paid = select(Payment.id).where(Payment.trx_id == trx_id)
    given_up = update(Work).where(
        col(Work.kind) == WorkKind.VERIFY,
        col(Work.due_at).is_(None),
        col(Work.subject_id).in_(paid),
    )
    await session.execute(given_up.values(due_at=session.clock.now()))


async def count_given_up(session: Session) -> int:
    """Count the matters that only a person can settle (R2)."""
    query = select(func.count()).where(col(Work.due_at).is_(None))
    return (await session.exec(query)).one()
