"""Queries on acts on many bills: one's own jobs, and the next bill of one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from invoicing.domain.bulk import BulkJobNotFound
from invoicing.models import BulkItem, BulkJob, Invoice
from shared.database import Session

_OPEN = ("running", "stopping")


async def chosen(session: Session, ids: Sequence[UUID]) -> Sequence[Invoice]:
    """Read the bills of these ids that the caller may see, oldest first."""
    query = select(Invoice).where(col(Invoice.id).in_(ids))
    return (await session.exec(query.order_by(col(Invoice.issued_at), col(Invoice.id)))).all()


async def get(session: Session, job_id: UUID, *, lock: bool = False) -> BulkJob:
    """Read one of the caller's own jobs.

    Raises:
        BulkJobNotFound: not there, or not his.
    """
    query = select(BulkJob).where(
        BulkJob.id == job_id, BulkJob.asked_by_id == session.principal.user_id
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    job = (await session.exec(query)).first()
    if job is None:
        raise BulkJobNotFound
    return job


async def open_jobs(session: Session) -> Sequence[BulkJob]:
    """List the caller's own jobs that have not ended, the oldest first."""
    query = select(BulkJob).where(
        BulkJob.asked_by_id == session.principal.user_id, col(BulkJob.status).in_(_OPEN)
    )
    return (await session.exec(query.order_by(col(BulkJob.asked_at)))).all()


async def items(session: Session, job_id: UUID, states: Sequence[str]) -> Sequence[BulkItem]:
    """List the bills of a job in these states."""
    query = select(BulkItem).where(BulkItem.job_id == job_id, col(BulkItem.status).in_(states))
    return (await session.exec(query.order_by(col(BulkItem.no)))).all()


async def next_open(session: Session) -> BulkJob | None:
    """Find a job that is to be worked on: the one that got furthest least, so that all move."""
    done = col(BulkJob.ok) + col(BulkJob.skipped) + col(BulkJob.failed)
    query = select(BulkJob).where(col(BulkJob.status).in_(_OPEN))
    return (await session.exec(query.order_by(done, col(BulkJob.asked_at)).limit(1))).first()


async def take(session: Session, job_id: UUID) -> BulkJob | None:
    """Lock a job that has not ended; None when another process has it."""
    query = (
        select(BulkJob)
        .where(BulkJob.id == job_id, col(BulkJob.status).in_(_OPEN))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).first()


async def next_item(session: Session, job_id: UUID) -> BulkItem | None:
    """Give the next bill that waits."""
    query = (
        select(BulkItem)
        .where(BulkItem.job_id == job_id, BulkItem.status == "waiting")
        .order_by(col(BulkItem.no))
        .limit(1)
    )
    return (await session.exec(query)).first()


async def sum_of(session: Session, job_id: UUID) -> dict[str, int]:
    """Add the amounts up by state."""
    query = (
        select(BulkItem.status, func.sum(BulkItem.amount_idr))
        .where(BulkItem.job_id == job_id)
        .group_by(col(BulkItem.status))
    )
    return {state: int(amount) for state, amount in (await session.exec(query)).all()}
