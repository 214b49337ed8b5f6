"""Billing runs: everything that falls due in a month, each line at most once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from invoicing.domain.calendar import period_from_text
from invoicing.handlers.issuing import issue_line
from invoicing.models import BillingRun, PlanLine
from invoicing.store import plans
from shared import audit, outbox
from shared.contracts.invoicing import BillingRunProgressed
from shared.database import Session


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What to issue: a month, and whose."""

    period: str
    marketing_id: UUID | None
    customer_id: UUID | None
    dry_run: bool


async def start_run(session: Session, request: RunRequest) -> BillingRun:
    """Issue what falls due in the month and is not issued yet; a dry run only counts.

    A repeat fills gaps: a line that has its bill is skipped.

    Raises:
        PeriodNotValid: not a month.
    """
    period = period_from_text(request.period)
    due = await plans.lines_due(
        session, period, marketing_id=request.marketing_id, customer_id=request.customer_id
    )
    run = BillingRun(
        period=str(period),
        marketing_id=request.marketing_id,
        customer_id=request.customer_id,
        dry_run=request.dry_run,
        status="done",
        total=len(due),
        done=len(due),
        created=0,
        skipped=0,
        failed=0,
        total_idr=0,
        requested_by=session.principal.user_id,
        requested_at=session.clock.now(),
    )
    for plan_id, lines in groupby(due, key=lambda line: line.plan_id):
        await _issue_lines(session, run, plan_id, [line.no for line in lines])
    session.add(run)
    _tell(session, run)
    return run


async def _issue_lines(
    session: Session, run: BillingRun, plan_id: UUID, numbers: list[int]
) -> None:
    plan = await plans.get_plan(session, plan_id, lock=not run.dry_run)
    for no in numbers:
        line = await plans.get_line(session, plan_id, no)
        if _is_settled(line):
            run.skipped += 1
            continue
        run.created += 1
        run.total_idr += line.amount_idr
        if not run.dry_run:
            await issue_line(session, plan, no)


def _is_settled(line: PlanLine) -> bool:
    return line.lapsed or line.invoice_id is not None


def _tell(session: Session, run: BillingRun) -> None:
    facts = run.model_dump(mode="json", exclude={"id", "requested_by", "requested_at"})
    audit.record(
        session,
        action="billing_run.checked" if run.dry_run else "billing_run.done",
        object_type="billing_run",
        object_id=run.id,
        after=facts,
    )
    if run.dry_run:
        return
    progress = {"period", "status", "done", "total", "created", "skipped", "failed"}
    event = BillingRunProgressed.of(
        run.version, session.clock.now(), run.id, **run.model_dump(include=progress)
    )
    outbox.publish(session, event)
