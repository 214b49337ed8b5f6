"""What needs a person, over HTTP: the inbox."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, ConfigDict

from reconciliation.api.exception_views import (
    AgeCounts,
    AloneMost,
    ExceptionDetail,
    ExceptionPage,
    show_detail,
    show_exceptions,
)
from reconciliation.domain.exception import ExceptionKind
from reconciliation.handlers import asking
from reconciliation.models import MoneyException
from reconciliation.store import exceptions as store
from reconciliation.store.exceptions import Age, ExceptionFilter
from shared.paging import ListQuery, decode_instant, encode_instant
from shared.text import Reason
from shared.web import IfMatch, ServiceRouter, Transaction

router = ServiceRouter()


class ExceptionQuery(ListQuery):
    """The query of a list of exceptions; ``owner`` is an id, or ``nobody``."""

    state: Literal["open", "closed", "all"] = "open"
    kind: ExceptionKind | None = None
    customer_id: UUID | None = None
    owner: UUID | Literal["nobody"] | None = None
    age: Age | None = None

    def filter(self, today: date) -> ExceptionFilter:
        is_open = None if self.state == "all" else self.state == "open"
        return ExceptionFilter(
            is_open, self.kind, self.customer_id, self.search, self.owner, self.age, today
        )


class Assign(BaseModel):
    """Who is to look after it: oneself, nobody, or a Marketing who is asked something."""

    model_config = ConfigDict(extra="forbid")

    to: Literal["me", "nobody", "marketing"]
    marketing_id: UUID | None = None
    note: Reason = "Mohon bantu kenali uang ini."


class Comment(BaseModel):
    """What is to be said."""

    model_config = ConfigDict(extra="forbid")

    text: Reason


@router.get("/api/v1/exceptions")
async def list_exceptions(
    session: Transaction, query: Annotated[ExceptionQuery, Query()], alone_most: AloneMost
) -> ExceptionPage:
    """List exceptions, oldest first."""
    after = decode_instant(query.cursor)
    wanted = query.filter(session.clock.today())
    found, total, sum_idr = await store.list_exceptions(session, wanted, after, query.limit + 1)
    page = found[: query.limit]
    last = page[-1] if len(found) > query.limit else None
    whole = session.principal.scope == "all"
    return ExceptionPage(
        items=await show_exceptions(session, page, alone_most),
        next_cursor=last and encode_instant(last.opened_at, last.id),
        total=total,
        sum_idr=sum_idr,
        ages=AgeCounts(**await store.count_ages(session, wanted)),
        unknown_idr=await store.sum_unknown(session) if whole else None,
        suspense_idr=await store.suspense_balance(session) if whole else None,
    )


@router.get("/api/v1/exceptions/{exception_id}")
async def get_exception(
    exception_id: UUID, session: Transaction, alone_most: AloneMost
) -> ExceptionDetail:
    """Show one exception with its money, its decisions and what was said."""
    found = await store.get_exception(session, exception_id)
    return await show_detail(session, found, alone_most)


@router.post("/api/v1/exceptions/{exception_id}/assign")
async def assign(
    exception_id: UUID,
    body: Assign,
    version: IfMatch,
    session: Transaction,
    alone_most: AloneMost,
) -> ExceptionDetail:
    """Take an exception, let it go, or ask a Marketing about it."""
    found = await _assign(session, exception_id, version, body)
    return await show_detail(session, found, alone_most)


@router.post("/api/v1/exceptions/{exception_id}/notes", status_code=201)
async def comment(
    exception_id: UUID, body: Comment, session: Transaction, alone_most: AloneMost
) -> ExceptionDetail:
    """Say something about an exception."""
    found = await asking.comment(session, exception_id, body.text)
    return await show_detail(session, found, alone_most)


async def _assign(
    session: Transaction, exception_id: UUID, version: int, body: Assign
) -> MoneyException:
    match body.to:
        case "me":
            return await asking.take(session, exception_id, version)
        case "nobody":
            return await asking.release(session, exception_id, version)
        case "marketing":
            return await asking.ask_marketing(
                session, exception_id, version, body.marketing_id, body.note
            )
