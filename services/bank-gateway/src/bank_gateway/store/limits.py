"""What all workers of all processes share; each row is locked by whoever decides on it (K1)."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bank_gateway.domain.breaker import Breaker
from bank_gateway.models import BreakerState, Call, CallPause, PaceState
from shared.database import Session

LONGEST_PAUSE = timedelta(days=1)


async def lock_pace(session: Session, subject: str) -> datetime:
    """Lock how far one kind of call is taken; its row appears with its first call."""
    claim = insert(PaceState).values(subject=subject, free_at=session.clock.now())
    locked = claim.on_conflict_do_update(
        index_elements=["subject"], set_={"subject": claim.excluded.subject}
    ).returning(col(PaceState.free_at))
    free_at: datetime = (await session.execute(locked)).scalar_one()
    return free_at


async def set_pace(session: Session, subject: str, free_at: datetime) -> None:
    row = update(PaceState).where(col(PaceState.subject) == subject)
    await session.execute(row.values(free_at=free_at))


async def forget_paces(session: Session, before: datetime) -> None:
    """Delete what has long been earned back; rows in use are left for the next time."""
    old = select(PaceState.subject).where(PaceState.free_at < before)
    unused = old.with_for_update(skip_locked=True)
    await session.execute(delete(PaceState).where(col(PaceState.subject).in_(unused)))


async def pause(session: Session, call: Call, until: datetime) -> None:
    """Let one operation rest for everybody, at least until then."""
    claim = insert(CallPause).values(call=call, until=until)
    longer = func.greatest(CallPause.until, claim.excluded.until)
    await session.execute(
        claim.on_conflict_do_update(index_elements=["call"], set_={"until": longer})
    )


async def paused_until(session: Session, call: Call) -> datetime | None:
    """Say until when an operation rests, if it does."""
    query = select(CallPause.until).where(CallPause.call == call, *resting(session))
    return (await session.exec(query)).first()


def resting(session: Session) -> tuple[Any, Any]:
    """Tell a pause that holds from one that is over, or was set before the clock was set back."""
    now = session.clock.now()
    return col(CallPause.until) > now, col(CallPause.until) <= now + LONGEST_PAUSE


async def breaker(session: Session) -> Breaker:
    return (await session.exec(select(BreakerState))).one().breaker


async def lock_open_breaker(session: Session) -> Breaker | None:
    """Lock the breaker if it is open, so that one worker alone sends the probe."""
    query = select(BreakerState).where(col(BreakerState.probe_at).is_not(None))
    row = (await session.exec(query.with_for_update())).first()
    return row.breaker if row else None


async def lock_breaker(session: Session) -> Breaker:
    return (await session.exec(select(BreakerState).with_for_update())).one().breaker


async def set_breaker(session: Session, state: Breaker) -> None:
    change = update(BreakerState).values(failures=state.failures, probe_at=state.probe_at)
    await session.execute(change)


async def close_breaker(session: Session) -> Breaker | None:
    """Forget the failures, and give what there was; a healthy bank costs no lock, no write."""
    query = select(BreakerState).where(col(BreakerState.failures) > 0)
    row = (await session.exec(query.with_for_update())).first()
    if row is None:
        return None
    past = row.breaker
    await set_breaker(session, Breaker())
    return past
