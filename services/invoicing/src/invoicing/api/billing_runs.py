"""Billing runs over HTTP."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from invoicing.handlers.billing import RunRequest, start_run
from invoicing.models import BillingRun
from invoicing.store import invoices as store
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class RunScope(BaseModel):
    """Whose bills; nothing means everybody's."""

    model_config = ConfigDict(extra="forbid")

    marketing_id: UUID | None = None
    customer_id: UUID | None = None


class StartRun(BaseModel):
    """Issue what falls due in a month; ``dry_run`` only counts."""

    model_config = ConfigDict(extra="forbid")

    period: str = Field(max_length=7)
    scope: RunScope = RunScope()
    dry_run: bool = False


class Progress(BaseModel):
    """How far a run is; of a dry run, what would be."""

    done: int
    total: int
    created: int
    skipped: int
    failed: int


class RunView(BaseModel):
    """One run; ``total_idr`` is the sum of the bills created, or to be created."""

    id: UUID
    period: str
    scope: RunScope
    dry_run: bool
    status: Literal["running", "done", "stopped"]
    progress: Progress
    total_idr: int
    version: int


@router.post("/api/v1/billing-runs", status_code=202)
async def start(body: StartRun, session: Transaction) -> RunView:
    """Start a run."""
    request = RunRequest(body.period, body.scope.marketing_id, body.scope.customer_id, body.dry_run)
    return _view(await start_run(session, request))


@router.get("/api/v1/billing-runs/{run_id}")
async def get_run(run_id: UUID, session: Transaction) -> RunView:
    """Show a run."""
    return _view(await store.get_run(session, run_id))


def _view(run: BillingRun) -> RunView:
    facts = run.model_dump()
    return RunView(
        scope=RunScope(marketing_id=run.marketing_id, customer_id=run.customer_id),
        progress=Progress(**{name: facts[name] for name in Progress.model_fields}),
        **{name: facts[name] for name in RunView.model_fields.keys() - {"scope", "progress"}},
    )
