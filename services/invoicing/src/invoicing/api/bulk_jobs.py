"""Acts on many bills over HTTP: looked at first, asked for once, watched, stopped, tried again."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from invoicing.handlers import bulk as handlers
from invoicing.handlers.bulk import Place
from invoicing.models import BulkJob
from invoicing.store import bulk as store
from shared.database import Session
from shared.text import Reason
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()

Ids = Annotated[list[UUID], Field(min_length=1, max_length=10_000)]
State = Literal["waiting", "ok", "skipped", "failed"]


class Chosen(BaseModel):
    """The bills that are meant."""

    model_config = ConfigDict(extra="forbid")

    action: Literal["cancel"]
    invoice_ids: Ids


class Asked(Chosen):
    """The bills that are meant, and why."""

    reason: Reason


class Line(BaseModel):
    """One bill, and what kept it."""

    invoice_id: UUID
    number: str
    amount_idr: int
    status: State
    why: str


class PreviewView(BaseModel):
    """What would be done, and what skipped and why."""

    ready: int
    ready_idr: int
    skipped: list[Line]


class JobView(BaseModel):
    """One job and how far it is; amounts by state."""

    id: UUID
    action: str
    reason: str
    status: Literal["running", "stopping", "stopped", "done"]
    total: int
    done: int
    ok: int
    skipped: int
    failed: int
    amounts: dict[str, int]
    asked_at: datetime
    ended_at: datetime | None
    version: int


class JobList(BaseModel):
    """The caller's jobs that have not ended."""

    items: list[JobView]


class LineList(BaseModel):
    """Bills of a job."""

    items: list[Line]


@router.post("/api/v1/bulk-jobs/preview")
async def preview(body: Chosen, session: Transaction) -> PreviewView:
    """Tell what would become of each bill; nothing is stored."""
    places = await handlers.preview(session, body.invoice_ids)
    ready = [place.invoice.total_idr for place in places if not place.why]
    return PreviewView(
        ready=len(ready),
        ready_idr=sum(ready),
        skipped=[_place(place) for place in places if place.why],
    )


@router.post("/api/v1/bulk-jobs", status_code=202)
async def start(body: Asked, session: Transaction) -> JobView:
    """Ask for an act on many bills."""
    return await _view(session, await handlers.start(session, body.invoice_ids, body.reason))


@router.get("/api/v1/bulk-jobs")
async def list_open(session: Transaction) -> JobList:
    """List the caller's jobs that have not ended."""
    found = await store.open_jobs(session)
    return JobList(items=[await _view(session, job) for job in found])


@router.get("/api/v1/bulk-jobs/{job_id}")
async def show(job_id: UUID, session: Transaction) -> JobView:
    """Show how far a job is; only who asked for it sees it."""
    return await _view(session, await store.get(session, job_id))


@router.get("/api/v1/bulk-jobs/{job_id}/items")
async def list_items(
    job_id: UUID, session: Transaction, status: Annotated[list[State] | None, Query()] = None
) -> LineList:
    """List the bills of a job, in all states or some."""
    await store.get(session, job_id)
    found = await store.items(session, job_id, status or ["waiting", "ok", "skipped", "failed"])
    return LineList(items=[Line(**item.model_dump(exclude={"job_id", "no"})) for item in found])


@router.post("/api/v1/bulk-jobs/{job_id}/stop")
async def stop(job_id: UUID, session: Transaction) -> JobView:
    """Stop after the bill that is being worked on."""
    return await _view(session, await handlers.stop(session, job_id))


@router.post("/api/v1/bulk-jobs/{job_id}/again", status_code=202)
async def again(job_id: UUID, session: Transaction) -> JobView:
    """Try what failed or was left as a new job."""
    return await _view(session, await handlers.again(session, job_id))


def _place(place: Place) -> Line:
    invoice = place.invoice
    return Line(
        invoice_id=invoice.id,
        number=invoice.number,
        amount_idr=invoice.total_idr,
        status="skipped",
        why=place.why,
    )


async def _view(session: Session, job: BulkJob) -> JobView:
    facts = job.model_dump(include=set(JobView.model_fields))
    return JobView(**facts, done=job.done, amounts=await store.sum_of(session, job.id))
