"""``/api/v1/handovers``."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from customer.api.people import CustomerName, Person, name_of
from customer.domain.handover import UNDO_FOR, HandoverState, RowState
from customer.handlers import handovers as handlers
from customer.models import Handover
from customer.store import handovers as store
from customer.store.handovers import RowQuery
from shared.database import Session
from shared.paging import ListQuery, Page
from shared.text import Reason
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class NewHandover(BaseModel):
    """Who is to move, to whom, and why: customers by name, or all of one Marketing."""

    model_config = ConfigDict(extra="forbid")

    customer_ids: list[UUID] | None = Field(default=None, min_length=1, max_length=2000)
    from_marketing_id: UUID | None = None
    marketing_id: UUID
    reason: Reason

    @model_validator(mode="after")
    def _one_choice(self) -> Self:
        if (self.customer_ids is None) == (self.from_marketing_id is None):
            raise ValueError("pilih pelanggan, atau satu Marketing asal")
        return self


class PartView(BaseModel):
    """How many customers come from whom."""

    previous: Person
    customers: int


class Progress(BaseModel):
    """How far it is."""

    total: int
    waiting: int
    moved: int
    skipped: int
    returned: int


class HandoverView(BaseModel):
    """A handover as it stands; ``undo_until`` while it can be taken back."""

    id: UUID
    state: HandoverState
    marketing: Person
    reason: str
    parts: list[PartView]
    progress: Progress
    made_by: Person
    made_at: datetime
    finished_at: datetime | None
    undone_at: datetime | None
    undo_until: datetime | None


class RowView(BaseModel):
    """One customer of a handover."""

    customer: CustomerName
    previous: Person
    draft_bookings: int
    state: RowState
    note: str | None


@router.get("/api/v1/handovers")
async def list_handovers(
    wanted: Annotated[ListQuery, Query()], session: Transaction
) -> Page[HandoverView]:
    """List handovers, newest first."""
    found = await store.find(session, wanted)
    items = [await view(session, each) for each in found.rows]
    return Page(items=items, next_cursor=found.next_cursor, total=found.total)


@router.post("/api/v1/handovers", status_code=201)
async def draft_handover(body: NewHandover, session: Transaction) -> HandoverView:
    """Choose customers and look at what would happen; nothing changes yet."""
    chosen = handlers.Chosen(body.customer_ids, body.from_marketing_id)
    made = await handlers.draft_handover(session, chosen, body.marketing_id, body.reason)
    return await view(session, made)


@router.get("/api/v1/handovers/{handover_id}")
async def read_handover(handover_id: UUID, session: Transaction) -> HandoverView:
    """Read how far a handover is."""
    return await view(session, await store.get(session, handover_id))


@router.get("/api/v1/handovers/{handover_id}/rows")
async def list_rows(
    handover_id: UUID, wanted: Annotated[RowQuery, Query()], session: Transaction
) -> Page[RowView]:
    """List the customers of a handover."""
    await store.get(session, handover_id)
    found = await store.rows(session, handover_id, wanted)
    drafts = await store.drafts_of(session, [row.customer_id for row in found.rows])
    return found.page(
        lambda row: RowView(
            customer=name_of(row.customer),
            previous=Person(id=row.from_id, name=row.from_name),
            draft_bookings=drafts.get(row.customer_id, 0),
            state=row.state,
            note=row.note,
        )
    )


@router.post("/api/v1/handovers/{handover_id}/run", status_code=202)
async def run_handover(handover_id: UUID, session: Transaction) -> HandoverView:
    """Begin; more than 20 customers need the password again."""
    return await view(session, await handlers.run_handover(session, handover_id))


@router.post("/api/v1/handovers/{handover_id}/undo", status_code=202)
async def undo_handover(handover_id: UUID, session: Transaction) -> HandoverView:
    """Give everybody back who is still where he was moved to, within 24 hours."""
    return await view(session, await handlers.undo_handover(session, handover_id))


async def view(session: Session, handover: Handover) -> HandoverView:
    """Shape a handover for the answer."""
    counts = await store.counts(session, handover.id)
    parts = await store.parts(session, handover.id)
    ends = handover.finished_at and handover.finished_at + UNDO_FOR
    open_until = handover.state is HandoverState.DONE and ends and ends > session.clock.now()
    return HandoverView(
        id=handover.id,
        state=handover.state,
        marketing=Person(id=handover.to_id, name=handover.to_name),
        reason=handover.reason,
        parts=[
            PartView(previous=Person(id=from_id, name=name), customers=count)
            for from_id, name, count, _ in parts
        ],
        progress=Progress(
            total=handover.total,
            **{str(state): counts.get(state, 0) for state in RowState},
        ),
        made_by=Person(id=handover.made_by_id, name=handover.made_by_name),
        made_at=handover.made_at,
        finished_at=handover.finished_at,
        undone_at=handover.undone_at,
        undo_until=ends if open_until else None,
    )
