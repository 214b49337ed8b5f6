"""Queries of the runs of the check of all books."""

from __future__ import annotations

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.models import BookCheck
from shared.database import Session

CHANNEL = "reconciliation_book_checks"
_NEWEST = (col(BookCheck.asked_at).desc(), col(BookCheck.id).desc())


async def ask(session: Session) -> BookCheck:
    """Ask for a run; while one waits or runs, this is it."""
    asked = BookCheck(asked_at=session.clock.now(), asked_by=session.principal.name)
    row = insert(BookCheck).values(asked.model_dump()).on_conflict_do_nothing()
    await session.execute(row)
    waiting = select(BookCheck).where(col(BookCheck.finished_at).is_(None))
    return (await session.exec(waiting)).first() or asked


async def take(session: Session) -> BookCheck | None:
    """Lock the run that waits, unless another worker has it (K3)."""
    query = select(BookCheck).where(col(BookCheck.finished_at).is_(None))
    return (await session.exec(query.with_for_update(skip_locked=True))).first()


async def newest(session: Session, limit: int = 1) -> list[BookCheck]:
    """Give the latest runs, newest first."""
    query = select(BookCheck).order_by(*_NEWEST).limit(limit)
    return list((await session.exec(query)).all())


async def last_finished(session: Session) -> BookCheck | None:
    query = (
        select(BookCheck).where(col(BookCheck.finished_at).is_not(None)).order_by(*_NEWEST).limit(1)
    )
    return (await session.exec(query)).first()


async def count(session: Session) -> int:
    return (await session.exec(select(func.count()).select_from(BookCheck))).one()
