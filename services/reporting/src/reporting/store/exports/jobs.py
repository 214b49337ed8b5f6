"""The queue of files to make: leased, never two workers on one (K3); and the files in pieces."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, and_, delete, func, or_, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reporting.domain.exports.job import Status
from reporting.models import Export, ExportPiece
from shared.database import Session, Sessions
from shared.paging import Found, ListQuery, newest_first
from shared.principal import Principal

CHANNEL = "lunas_exports"
_UNDER_WAY = (Status.QUEUED, Status.RUNNING)


async def of_maker(session: Session, job_id: UUID) -> Export | None:
    """Find a job of the reader's own that has not expired."""
    job = await session.get(Export, job_id)
    own = job is not None and job.maker_id == session.principal.user_id
    return job if job and own and session.clock.now() < job.expires_at else None


async def listed(session: Session, wanted: ListQuery) -> Found[Export]:
    """List the reader's own jobs, the newest first."""
    own = select(Export).where(
        Export.maker_id == session.principal.user_id,
        col(Export.expires_at) > session.clock.now(),
    )
    if wanted.search:
        own = own.where(col(Export.file_name).icontains(wanted.search, autoescape=True))
    return await newest_first(session, own, Export.id, wanted)


async def count_under_way(session: Session, maker_id: UUID) -> int:
    """Count what a person still waits for; asking twice at once waits here."""
    lock = func.pg_advisory_xact_lock(func.hashtextextended(f"exports {maker_id}", 0))
    await session.execute(select(lock))
    query = select(func.count()).where(
        Export.maker_id == maker_id, col(Export.status).in_(_UNDER_WAY)
    )
    return (await session.exec(query)).one()


async def lease(session: Session, duration: timedelta) -> Export | None:
    """Take the oldest job that nobody works on; a dead worker's lease runs out by itself."""
    now = session.clock.now()
    query = (
        select(Export)
        .where(_free(now))
        .order_by(col(Export.created_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    job = (await session.exec(query)).first()
    if job is not None:
        job.status, job.leased_until = Status.RUNNING, now + duration
        job.attempts += 1
        job.started_at = job.started_at or now
        job.rows_done = 0
    return job


async def next_due_at(session: Session) -> datetime | None:
    """Tell when the first lease of a worker that may be dead runs out."""
    query = select(func.min(Export.leased_until)).where(Export.status == Status.RUNNING)
    earliest: datetime | None = (await session.exec(query)).one()
    return earliest


async def still_mine(session: Session, job: Export, **values: Any) -> bool:
    """Change a job only as the worker that holds it (K3)."""
    mine = update(Export).where(
        col(Export.id) == job.id,
        col(Export.status) == Status.RUNNING,
        col(Export.attempts) == job.attempts,
    )
    changed = mine.values(**values).execution_options(synchronize_session=False)
    return bool(cast(CursorResult[Any], await session.execute(changed)).rowcount)


async def keep_piece(session: Session, job_id: UUID, no: int, body: bytes) -> None:
    """Store one piece of a file."""
    await session.execute(insert(ExportPiece).values(export_id=job_id, no=no, body=body))


async def drop_pieces(session: Session, *of: UUID) -> None:
    """Delete files."""
    await session.execute(delete(ExportPiece).where(col(ExportPiece.export_id).in_(of)))


async def pieces(sessions: Sessions, reader: Principal, job_id: UUID) -> AsyncIterator[bytes]:
    """Read a file piece by piece, each in the reader's own scope and in its own transaction."""
    no = 0
    while True:
        async with sessions.begin(reader) as session:
            piece = await session.get(ExportPiece, (job_id, no))
        if piece is None:
            return
        yield piece.body
        no += 1


async def recall(
    session: Session, reason: str, lists: Sequence[str], **owner: UUID
) -> list[Export]:
    """Take back what a change of rights has made wrong (A6).

    A finished file is gone in this transaction; one that is being made begins anew, with the
    rights as they are now.
    """
    query = select(Export).where(col(Export.list_name).in_(lists)).with_for_update()
    for name, value in owner.items():
        query = query.where(getattr(Export, name) == value)
    found = list((await session.exec(query.where(col(Export.status) != Status.FAILED))).all())
    for job in found:
        done = job.status == Status.DONE
        job.status = Status.FAILED if done else Status.QUEUED
        job.trouble = reason if done else None
        job.leased_until = job.sha256 = job.size_bytes = None
    await drop_pieces(session, *(job.id for job in found))
    return found


async def delete_expired(session: Session, most: int) -> int:
    """Delete jobs and files whose time is over."""
    over = select(Export.id).where(col(Export.expires_at) <= session.clock.now()).limit(most)
    ids = list((await session.exec(over)).all())
    await drop_pieces(session, *ids)
    await session.execute(delete(Export).where(col(Export.id).in_(ids)))
    return len(ids)


def _free(now: datetime) -> Any:
    left = and_(col(Export.status) == Status.RUNNING, col(Export.leased_until) <= now)
    return or_(col(Export.status) == Status.QUEUED, left)
