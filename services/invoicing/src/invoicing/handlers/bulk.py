"""Acts on many bills: asked for once, done one by one behind the request, each at most once.

A bill and its place in the job change in one transaction, so a process that dies repeats nothing
and leaves nothing out (I, K1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from invoicing.domain.bulk import (
    ITEMS_MOST,
    OPEN_MOST,
    JobEnded,
    NothingChosen,
    TooManyChosen,
    TooManyJobs,
    why_not_cancel,
)
from invoicing.handlers.cancelling import cancel_invoice
from invoicing.models import BulkItem, BulkJob, Invoice
from invoicing.store import bulk as store
from shared import audit, outbox
from shared.contracts.invoicing import BulkJobProgressed
from shared.database import Session, Sessions, may_succeed_again
from shared.errors import DomainError
from shared.logs import logger
from shared.principal import Principal

_TELL_EVERY = 10
_ELSEWHERE = timedelta(milliseconds=200)
"""Another process has the job."""
_DEFECT = "Kesalahan sistem. Tagihan ini tidak berubah; ulangi, atau hubungi Admin."


@dataclass(frozen=True, slots=True)
class Place:
    """What would become of one bill; ``why`` when nothing."""

    invoice: Invoice
    why: str


async def preview(session: Session, ids: Sequence[UUID]) -> list[Place]:
    """Tell what would be done and what skipped; nothing is stored.

    Raises:
        NothingChosen, TooManyChosen: it is no job.
    """
    if len(ids) > ITEMS_MOST:
        raise TooManyChosen(most=ITEMS_MOST)
    found = await store.chosen(session, ids)
    if not found:
        raise NothingChosen
    return [Place(each, why_not_cancel(each.state, each.paid_idr)) for each in found]


async def start(session: Session, ids: Sequence[UUID], reason: str) -> BulkJob:
    """Ask for it; what cannot be done is skipped at once, the rest waits its turn.

    Raises:
        NothingChosen, TooManyChosen: it is no job.
        TooManyJobs: enough of this person are under way.
    """
    places = await preview(session, ids)
    if len(under_way := await store.open_jobs(session)) >= OPEN_MOST:
        raise TooManyJobs(count=len(under_way))
    who = session.principal
    job = BulkJob(
        action="cancel",
        reason=reason,
        total=len(places),
        skipped=sum(1 for place in places if place.why),
        asked_by_id=who.user_id,
        asked_by_name=who.name,
        asked_by_role=who.role,
        marketing_id=who.marketing_id,
        asked_at=session.clock.now(),
    )
    session.add(job)
    await session.flush()
    session.add_all(_item(job, no, place) for no, place in enumerate(places, 1))
    _record(session, job, "asked")
    return job


async def stop(session: Session, job_id: UUID) -> BulkJob:
    """Stop after the bill that is being worked on.

    Raises:
        BulkJobNotFound: not there, or not his.
        JobEnded: it has ended.
    """
    job = await store.get(session, job_id, lock=True)
    if job.ended_at is not None:
        raise JobEnded
    job.status = "stopping"
    job.version += 1
    _record(session, job, "stopping")
    return job


async def again(session: Session, job_id: UUID) -> BulkJob:
    """Try what failed, and what was left when it was stopped, as a new job.

    Raises:
        BulkJobNotFound: not there, or not his.
        JobEnded: it runs still.
        NothingChosen: nothing is left of it.
    """
    job = await store.get(session, job_id)
    if job.ended_at is None:
        raise JobEnded
    left = await store.items(session, job_id, ("failed", "waiting"))
    return await start(session, [item.invoice_id for item in left], job.reason)


class Worker:
    """Works on what is asked for, one bill per transaction."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def step(self) -> timedelta | None:
        """Do one bill as the person who asked; come again at once while there is more."""
        async with self._sessions.begin(Principal.system("invoicing")) as session:
            job = await store.next_open(session)
        if job is None:
            return None
        async with self._sessions.begin(job.person) as session:
            taken = await store.take(session, job.id)
            if taken is None:
                return _ELSEWHERE
            await _move(session, taken)
        return timedelta()


async def _move(session: Session, job: BulkJob) -> None:
    item = None if job.status == "stopping" else await store.next_item(session, job.id)
    owner = None
    if item is not None:
        owner = await _act(session, job, item)
    left = item is not None and job.done < job.total
    if not left:
        job.status = "stopped" if job.status == "stopping" and job.done < job.total else "done"
        job.ended_at = session.clock.now()
        _record(session, job, job.status)
    job.version += 1
    if not left or job.done % _TELL_EVERY == 0:
        _tell(session, job, owner)


async def _act(session: Session, job: BulkJob, item: BulkItem) -> UUID | None:
    try:
        async with session.begin_nested():
            invoice = await cancel_invoice(session, item.invoice_id, job.reason)
    except DomainError as error:
        item.status, item.why = "skipped", str(error)
        job.skipped += 1
        return None
    except DBAPIError as error:
        if may_succeed_again(error) or error.connection_invalidated:
            raise
        logger("invoicing").error("bulk item failed", job=str(job.id), exc_info=error)
        item.status, item.why = "failed", _DEFECT
        job.failed += 1
        return None
    item.status = "ok"
    job.ok += 1
    return invoice.customer_id


def _item(job: BulkJob, no: int, place: Place) -> BulkItem:
    return BulkItem(
        job_id=job.id,
        no=no,
        invoice_id=place.invoice.id,
        number=place.invoice.number,
        amount_idr=place.invoice.total_idr,
        status="skipped" if place.why else "waiting",
        why=place.why,
    )


def _record(session: Session, job: BulkJob, act: str) -> None:
    facts = {"action", "status", "total", "ok", "skipped", "failed"}
    audit.record(
        session,
        action=f"bulk_job.{act}",
        object_type="bulk_job",
        object_id=job.id,
        after=job.model_dump(mode="json", include=facts),
        reason=job.reason,
    )


def _tell(session: Session, job: BulkJob, customer_id: UUID | None) -> None:
    facts = {"status", "total", "ok", "skipped", "failed", "asked_by_id"}
    event = BulkJobProgressed.of(
        job.version,
        session.clock.now(),
        job.id,
        customer_id=customer_id,
        **job.model_dump(include=facts),
    )
    outbox.publish(session, event)
