"""Files of lists: asked for, looked at, fetched, taken back (A2, A6, P3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from reporting.domain.exports.filters import Filters
from reporting.domain.exports.job import (
    AT_ONCE_MAX,
    MOVED,
    RIGHTS_CHANGED,
    ExportNotReady,
    Format,
    JobNotFound,
    Status,
    TooManyExports,
)
from reporting.domain.exports.lists import LISTS
from reporting.domain.spelling import sheet_name
from reporting.models import Customer, Export, User
from reporting.store.exports import jobs
from shared import audit, context
from shared.database import Session
from shared.errors import Forbidden
from shared.ids import new_id

_PERSONAL = [known.name for known in LISTS.values() if known.follows_customers]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants as a file."""

    list_name: str
    format: Format
    filters: Filters
    columns: Sequence[str] | None = None


async def request_export(session: Session, wish: Wish, kept: timedelta) -> Export:
    """Queue a file; it is made by a worker as the one who asks, in his scope.

    Raises:
        Forbidden: his role may not read the list itself (A1).
        ColumnUnknown: the list has no such column.
        TooManyExports: enough of his are under way.
    """
    known, maker, now = LISTS[wish.list_name], session.principal, session.clock.now()
    if known.permission not in maker.permissions:
        raise Forbidden
    columns = [column.key for column in known.chosen(wish.columns)]
    count = await jobs.count_under_way(session, maker.user_id)
    if count >= AT_ONCE_MAX:
        raise TooManyExports(count=count)
    job = Export(
        id=new_id(),
        maker_id=maker.user_id,
        maker_name=maker.name,
        maker_role=maker.role,
        marketing_id=maker.marketing_id,
        list_name=known.name,
        format=wish.format,
        filters=wish.filters.model_dump(mode="json", exclude_defaults=True),
        columns=columns,
        file_name=sheet_name(known.title, now, wish.format),
        correlation_id=context.correlation_id(),
        created_at=now,
        expires_at=now + kept,
    )
    session.add(job)
    _audit(session, job, "export.requested")
    await session.flush()
    return job


async def find_job(session: Session, job_id: UUID) -> Export:
    """Look at a job of one's own.

    Raises:
        JobNotFound: not there, somebody else's, or expired (A7).
    """
    job = await jobs.of_maker(session, job_id)
    if job is None:
        raise JobNotFound
    return job


async def open_file(session: Session, job_id: UUID) -> Export:
    """Let a finished file be fetched, and remember that it was (P3).

    Raises:
        JobNotFound: not there, somebody else's, or expired.
        ExportNotReady: it is not finished, or was taken back.
    """
    job = await find_job(session, job_id)
    if job.status != Status.DONE:
        raise ExportNotReady
    _audit(session, job, "export.fetched")
    return job


async def recall_of_marketing(session: Session, before: Customer | None, now: Customer) -> None:
    """A customer changed hands: files of the one who lost him hold what he may not see (A6)."""
    if before is None or before.marketing_id == now.marketing_id:
        return
    for job in await jobs.recall(session, MOVED, _PERSONAL, marketing_id=before.marketing_id):
        _audit(session, job, "export.recalled", reason=MOVED)


async def recall_of_user(session: Session, before: User | None, now: User) -> None:
    """Somebody's role changed, or he may not sign in any more: his files go with it (A6)."""
    if before is None or (before.role, before.disabled) == (now.role, now.disabled):
        return
    for job in await jobs.recall(session, RIGHTS_CHANGED, list(LISTS), maker_id=now.id):
        _audit(session, job, "export.recalled", reason=RIGHTS_CHANGED)


def _audit(session: Session, job: Export, action: str, reason: str | None = None) -> None:
    facts = job.model_dump(
        mode="json", include={"list_name", "format", "filters", "columns", "rows_done", "sha256"}
    )
    audit.record(
        session, action=action, object_type="export", object_id=job.id, after=facts, reason=reason
    )
