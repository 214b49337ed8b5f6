"""Pages of acts on many rows: what would happen, how far it is, what was not done."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from fastapi.responses import HTMLResponse, Response

from dashboard.api.pages import PRIVATE, PageRouter, Typed, Visit, Visiting
from dashboard.domain.answers.jobs import Job
from dashboard.domain.forms import Form, identity, refused
from dashboard.domain.lists import INVOICES
from dashboard.domain.refusals import Refused
from dashboard.handlers import jobs as handlers
from shared.errors import NotFound

router = PageRouter()
ACTS = {act.key: act for act in INVOICES.acts}


@router.post("/acts/{act}")
async def preview(visit: Visiting, act: str) -> HTMLResponse:
    """Show what would be done and what skipped, before anything is."""
    form = await visit.request.form()
    values = Typed((name, text) for name, text in form.items() if isinstance(text, str))
    ticked = [text for text in form.getlist("id") if isinstance(text, str)]
    listing = INVOICES.read(parse_qsl(urlsplit(values["address"]).query))
    every = values["every"] == "yes"
    ids = await handlers.chosen(visit.reader, listing, ticked, every=every)
    return await _preview(visit, act, ids, Form({"address": listing.here}))


@router.post("/acts/{act}/start")
async def start(visit: Visiting, act: str) -> Response:
    """Ask for it, and lead to where it can be watched."""
    values = await visit.values()
    ids = [identity(text) for text in values["ids"].split()]
    try:
        job = await handlers.start(
            visit.reader, act, ids, values["reason"], values["idempotency_key"]
        )
    except Refused as refusal:
        form = refused(values, refusal, {"reason"})
        return await _preview(visit, act, ids, form, 422)
    return visit.go(f"/jobs/{job.id}")


@router.get("/jobs/chip")
async def chip(visit: Visiting) -> HTMLResponse:
    """Show the small chip of what is under way."""
    jobs = await handlers.under_way(visit.reader)
    html = visit.desk.templates.render("parts/chip.html", jobs=jobs)
    return HTMLResponse(html, headers=PRIVATE)


@router.get("/jobs/{job_id}")
async def show(visit: Visiting, job_id: UUID) -> HTMLResponse:
    """Show how far a job is."""
    job = await handlers.find(visit.reader, job_id)
    lines = () if job.running else await handlers.lines(visit.reader, job_id)
    return await visit.show("jobs/page.html", lines=lines, **_facts(visit, job))


@router.get("/jobs/{job_id}/failures.csv")
async def failures(visit: Visiting, job_id: UUID) -> Response:
    """Give what was not done as a file."""
    lines = await handlers.lines(visit.reader, job_id)
    headers = {"Content-Disposition": 'attachment; filename="tidak-dikerjakan.csv"', **PRIVATE}
    return Response(handlers.written(lines), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/jobs/{job_id}/{step}")
async def move(visit: Visiting, job_id: UUID, step: str) -> Response:
    """Stop a job, or try again what is left of it."""
    if step not in {"stop", "again"}:
        raise NotFound
    values = await visit.values()
    job = await handlers.act(visit.reader, job_id, step, values["idempotency_key"])
    return visit.go(f"/jobs/{job.id}")


def _facts(visit: Visit, job: Job) -> dict[str, Any]:
    now = visit.clock.now()
    return {"job": job, "pace": job.pace(now), "seconds": job.seconds_left(now), "form": Form()}


async def _preview(
    visit: Visit, act: str, ids: list[UUID], form: Form, code: int = 200
) -> HTMLResponse:
    if act not in ACTS or not visit.may(ACTS[act].permission):
        raise NotFound
    shown = await handlers.preview(visit.reader, act, ids)
    context = {"act": ACTS[act], "preview": shown, "ids": ids, "form": form}
    return await visit.show("jobs/preview.html", code, **context)
