"""Plans over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict

from invoicing.handlers import plans as handlers
from invoicing.handlers import states
from invoicing.models import Plan, PlanLine
from invoicing.settings import Settings
from invoicing.store import plans as store
from shared.contracts.customer import PlanTerms, VaMode
from shared.contracts.invoicing import LineKind, PlanKind
from shared.database import Session
from shared.money import PositiveIdr
from shared.paging import ListQuery, Page, newest_first
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class PreviewRequest(BaseModel):
    """A price and how it would be paid."""

    model_config = ConfigDict(extra="forbid")

    total_idr: PositiveIdr
    plan: PlanTerms


class PreviewLine(BaseModel):
    """One line that a plan would have."""

    no: int
    kind: LineKind
    label: str
    due_on: date
    amount_idr: int


class Preview(BaseModel):
    """A plan that is not stored; ``total_idr`` is the sum of its lines.

    ``va_mode`` is whose virtual account it would be paid to (ADR-0014).
    """

    lines: list[PreviewLine]
    total_idr: int
    va_mode: VaMode


class PlanLineView(PreviewLine):
    """One line of a plan."""

    invoice_id: UUID | None
    lapsed: bool


class PlanView(BaseModel):
    """A plan with its lines."""

    id: UUID
    booking_id: UUID
    booking_number: str
    customer_id: UUID
    kind: PlanKind
    title: str
    va_mode: VaMode
    total_idr: int
    cancelled: bool
    lines: list[PlanLineView]
    version: int


class PlanQuery(ListQuery):
    """The query of a list of plans."""

    booking_id: UUID | None = None
    customer_id: UUID | None = None


@router.post("/api/v1/plans/preview")
async def preview_plan(request: Request, body: PreviewRequest, session: Transaction) -> Preview:
    """Show the dated lines of a plan; nothing is stored."""
    lines = handlers.preview_plan(body.plan, body.total_idr, session)
    views = [
        PreviewLine(
            no=line.no,
            kind=line.kind,
            label=line.label,
            due_on=line.due_on,
            amount_idr=line.amount.amount,
        )
        for line in lines
    ]
    settings: Settings = request.app.state.service.settings
    return Preview(
        lines=views,
        total_idr=sum(view.amount_idr for view in views),
        va_mode=settings.paying.mode_of(body.plan),
    )


@router.get("/api/v1/plans")
async def list_plans(session: Transaction, wanted: Annotated[PlanQuery, Query()]) -> Page[PlanView]:
    """List plans, newest first."""
    query = store.matching(wanted.search, wanted.booking_id, wanted.customer_id)
    found = await newest_first(session, query, Plan.id, wanted)
    items = await _views(session, found.rows)
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/api/v1/plans/{plan_id}")
async def get_plan(plan_id: UUID, session: Transaction) -> PlanView:
    """Show one plan."""
    plan = await store.get_plan(session, plan_id)
    return (await _views(session, [plan]))[0]


async def _views(session: Session, plans: list[Plan]) -> list[PlanView]:
    lines = await store.lines_of(session, [plan.id for plan in plans])
    return [_view(plan, lines[plan.id]) for plan in plans]


def _view(plan: Plan, lines: list[PlanLine]) -> PlanView:
    facts: dict[str, Any] = plan.model_dump(exclude={"terms", "items", "made_at"})
    return PlanView(lines=[PlanLineView(**states.line_state(line)) for line in lines], **facts)
