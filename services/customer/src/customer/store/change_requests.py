"""Queries about change requests."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, update
from sqlmodel import col, select

from customer.domain.change_request import (
    OUTCOMES,
    ChangeRequestNotFound,
    RequestDecided,
    RequestStatus,
    decide,
)
from customer.models import ChangeRequest, Customer
from customer.store.customers import matches
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first


class ChangeRequestQuery(ListQuery):
    """The filters of the list of change requests."""

    customer_id: UUID | None = None
    status: RequestStatus | None = None


async def get(session: Session, request_id: UUID) -> ChangeRequest:
    """Read one request.

    Raises:
        ChangeRequestNotFound: there is none in the caller's scope.
    """
    request = await session.get(ChangeRequest, request_id)
    if request is None:
        raise ChangeRequestNotFound
    return request


async def close(
    session: Session, request: ChangeRequest, target: RequestStatus, **stamps: Any
) -> None:
    """Decide a request, only from the state that was read (S).

    Raises:
        RequestDecided: it was decided before, perhaps a moment ago.
    """
    current = request.status
    step = (
        update(ChangeRequest)
        .where(col(ChangeRequest.id) == request.id, col(ChangeRequest.status) == current)
        .values(status=decide(current, target, request.decided_by_name or ""), **stamps)
        .execution_options(synchronize_session=False)
    )
    if not cast(CursorResult[Any], await session.execute(step)).rowcount:
        await session.refresh(request, ["status", "decided_by_name"])
        raise RequestDecided(outcome=OUTCOMES[request.status], name=request.decided_by_name)
    await session.refresh(request, ["status", *stamps])


async def find(session: Session, wanted: ChangeRequestQuery) -> Found[ChangeRequest]:
    """List requests, newest first."""
    query = select(ChangeRequest).join(Customer, col(Customer.id) == ChangeRequest.customer_id)
    if wanted.customer_id:
        query = query.where(ChangeRequest.customer_id == wanted.customer_id)
    if wanted.status:
        query = query.where(ChangeRequest.status == wanted.status)
    if wanted.search:
        query = query.where(matches(wanted.search))
    return await newest_first(session, query, ChangeRequest.id, wanted)
