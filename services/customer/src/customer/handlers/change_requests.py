"""Change requests: Marketing asks, Admin applies or refuses with words (A30)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from customer.domain.change_request import RequestStatus
from customer.domain.customer import CustomerStatus
from customer.handlers.customers import edit_customer
from customer.models import ChangeRequest, Facts
from customer.store import change_requests, customers
from shared import audit
from shared.database import Session


async def ask_for_change(
    session: Session, customer_id: UUID, changes: Facts, reason: str
) -> ChangeRequest:
    """Ask Admin for a change; without ``changes`` the words say what is to be done.

    Raises:
        CustomerNotFound: not there, or not his.
    """
    customer = await customers.get(session, customer_id)
    request = ChangeRequest(
        customer_id=customer.id,
        status=RequestStatus.OPEN,
        changes=changes,
        reason=reason,
        asked_by_id=session.principal.user_id,
        asked_by_name=session.principal.name,
        asked_at=session.clock.now(),
        customer=customer,
    )
    session.add(request)
    _record(session, "opened", request, after=request.facts())
    return request


async def apply_change(session: Session, request_id: UUID, words: str) -> ChangeRequest:
    """Carry a request out through the same edit that everybody uses; keep before and after.

    Raises:
        InvalidTransition: it was decided before.
    """
    request = await change_requests.get(session, request_id)
    changes = _as_kept(request.changes)
    before, after = await edit_customer(
        session, request.customer_id, changes, reason=request.reason
    )
    stamps = _decision(session, words) | {"before": before, "after": after}
    await change_requests.close(session, request, RequestStatus.APPLIED, **stamps)
    _record(session, "applied", request, before=before, after=after, reason=words or None)
    return request


async def refuse_change(session: Session, request_id: UUID, words: str) -> ChangeRequest:
    """Say no, and why.

    Raises:
        InvalidTransition: it was decided before.
    """
    request = await change_requests.get(session, request_id)
    stamps = _decision(session, words)
    await change_requests.close(session, request, RequestStatus.REFUSED, **stamps)
    _record(session, "refused", request, reason=words)
    return request


def _as_kept(changes: Facts) -> Facts:
    """Read the words of JSON back as what the customer's fields hold."""
    if "status" not in changes:
        return changes
    return changes | {"status": CustomerStatus(changes["status"])}


def _decision(session: Session, words: str) -> dict[str, Any]:
    return {
        "decided_by_id": session.principal.user_id,
        "decided_by_name": session.principal.name,
        "decided_at": session.clock.now(),
        "words": words,
    }


def _record(session: Session, act: str, request: ChangeRequest, **facts: Any) -> None:
    audit.record(
        session,
        action=f"change_request.{act}",
        object_type="change_request",
        object_id=request.id,
        **facts,
    )
