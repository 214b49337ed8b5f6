"""Failed sign-ins, and the places from which people came in before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from gateway.domain.throttle import Subject
from gateway.models import FamiliarPlace, SignInTries
from shared.database import Session

Bucket = tuple[Subject, bytes]
_ADDRESS = tuple_(col(SignInTries.subject), col(SignInTries.key))


async def lock_tries(session: Session, buckets: Sequence[Bucket]) -> list[SignInTries]:
    """Hold the counts of these buckets, made when there were none; always in one order (K2)."""
    now = session.clock.now()
    rows = [
        {"subject": s, "key": k, "failures": 0, "last_at": now, "blocked_until": now}
        for s, k in sorted(buckets)
    ]
    await session.execute(insert(SignInTries).on_conflict_do_nothing(), rows)
    query = (
        select(SignInTries)
        .where(_ADDRESS.in_(list(buckets)))
        .order_by(col(SignInTries.subject), col(SignInTries.key))
        .with_for_update()
    )
    return list((await session.exec(query)).all())


async def forget_tries(session: Session, buckets: Sequence[Bucket]) -> None:
    """Forget the failures of these buckets."""
    await session.execute(delete(SignInTries).where(_ADDRESS.in_(list(buckets))))


async def give_back(session: Session, buckets: Sequence[Bucket]) -> None:
    """Take back one try that was none, with the wait it caused."""
    await session.execute(
        update(SignInTries)
        .where(_ADDRESS.in_(list(buckets)), col(SignInTries.failures) > 0)
        .values(failures=col(SignInTries.failures) - 1, blocked_until=session.clock.now())
    )


async def purge_tries(session: Session, before: datetime, familiar_for: timedelta) -> None:
    """Forget what has been quiet for long."""
    quiet = select(SignInTries.subject, SignInTries.key).where(col(SignInTries.last_at) < before)
    free = quiet.limit(1000).with_for_update(skip_locked=True)  # nobody waits for tidying up
    await session.execute(delete(SignInTries).where(_ADDRESS.in_(free)))
    oldest = session.clock.now() - familiar_for
    await session.execute(delete(FamiliarPlace).where(col(FamiliarPlace.seen_at) < oldest))


async def familiar_mark(
    session: Session, user_id: UUID, marks: Sequence[bytes], since: datetime
) -> bytes | None:
    """Find the first of these marks by which the user is known."""
    query = select(FamiliarPlace.mark).where(
        FamiliarPlace.user_id == user_id,
        col(FamiliarPlace.mark).in_(list(marks)),
        col(FamiliarPlace.seen_at) > since,
    )
    known = set((await session.exec(query)).all())
    return next((mark for mark in marks if mark in known), None)


async def remember_places(session: Session, user_id: UUID, marks: Sequence[bytes]) -> None:
    """Know the user by these marks from now on."""
    now = session.clock.now()
    rows = [{"user_id": user_id, "mark": mark, "seen_at": now} for mark in sorted(set(marks))]
    statement = insert(FamiliarPlace)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["user_id", "mark"], set_={"seen_at": statement.excluded.seen_at}
        ),
        rows,
    )
