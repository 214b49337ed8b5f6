"""What needs a person, over HTTP; reading only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel

from reconciliation.domain.exception import ExceptionKind
from reconciliation.store import exceptions as store
from reconciliation.store.exceptions import ExceptionFilter
from shared.paging import ListQuery, Page, decode_instant, encode_instant
from shared.web import ServiceRouter, Transaction

router = ServiceRouter()


class ExceptionView(BaseModel):
    """Money that nobody can explain yet; ``amount_idr`` is how much of it."""

    id: UUID
    kind: ExceptionKind
    key: str
    payment_id: UUID | None
    bank_line_id: UUID | None
    notice_id: UUID | None
    customer_id: UUID | None
    amount_idr: int
    evidence: str
    supports: list[str]
    contradicts: list[str]
    facts: dict[str, Any]
    owner_id: UUID | None
    owner_name: str | None
    opened_at: datetime
    closed_at: datetime | None
    outcome: str | None
    version: int


class ExceptionPage(Page[ExceptionView]):
    """One page; ``sum_idr`` adds the whole filter up."""

    sum_idr: int


class ExceptionQuery(ListQuery):
    """The query of a list of exceptions."""

    state: Literal["open", "closed", "all"] = "open"
    kind: ExceptionKind | None = None
    customer_id: UUID | None = None

    @property
    def filter(self) -> ExceptionFilter:
        is_open = None if self.state == "all" else self.state == "open"
        return ExceptionFilter(is_open, self.kind, self.customer_id, self.search)


@router.get("/api/v1/exceptions")
async def list_exceptions(
    session: Transaction, query: Annotated[ExceptionQuery, Query()]
) -> ExceptionPage:
    """List exceptions, oldest first."""
    after = decode_instant(query.cursor)
    limit = query.limit + 1
    found, total, sum_idr = await store.list_exceptions(session, query.filter, after, limit)
    page = found[: query.limit]
    last = page[-1] if len(found) > query.limit else None
    return ExceptionPage(
        items=[ExceptionView(**item.model_dump()) for item in page],
        next_cursor=last and encode_instant(last.opened_at, last.id),
        total=total,
        sum_idr=sum_idr,
    )
