"""Change requests: Marketing asks, Admin applies or refuses with words (A30)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from customer.domain.booking import BookingNotFound
from customer.domain.change_request import About, RequestStatus, check_about, decide
from customer.domain.customer import CustomerStatus
from customer.handlers.customers import edit_customer
from customer.models import ChangeRequest, Customer, Facts
from customer.store import bookings, change_requests, customers
from shared import audit, outbox
from shared.contracts.customer import (
    ChangeRequestDecided,
    ChangeRequestOpened,
    ChangeRequestState,
)
from shared.database import Session


@dataclass(frozen=True, slots=True)
class Subject:
    """What a request speaks of; ``number`` is how the asker calls a bill."""

    about: About = About.CUSTOMER
    object_id: UUID | None = None
    number: str = ""


async def ask_for_change(
    session: Session, customer_id: UUID, changes: Facts, reason: str, subject: Subject
) -> ChangeRequest:
    """Ask Admin for a change; without ``changes`` the words say what is to be done.

    Raises:
        CustomerNotFound: not there, or not his.
        BookingNotFound: the booking is not this customer's.
        ChangesNotWanted: fields of a customer, but the request is about something else.
    """
    customer = await customers.hold(session, customer_id)
    check_about(subject.about, changes)
    about_id, about_number = await _subject(session, customer, subject)
    request = ChangeRequest(
        customer_id=customer.id,
        about=subject.about,
        about_id=about_id,
        about_number=about_number,
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
    _announce(session, ChangeRequestOpened, request, 1, reason=reason)
    return request


async def _subject(session: Session, customer: Customer, subject: Subject) -> tuple[UUID, str]:
    if subject.about is About.CUSTOMER:
        return customer.id, customer.number
    assert subject.object_id is not None
    if subject.about is About.INVOICE:
        return subject.object_id, subject.number
    booking = await bookings.get(session, subject.object_id)
    if booking.customer_id != customer.id:
        raise BookingNotFound
    return booking.id, booking.number


async def apply_change(
    session: Session,
    request_id: UUID,
    words: str,
    *,
    changes: Facts | None = None,
    version: int | None = None,
) -> ChangeRequest:
    """Carry a request out through the same edit that everybody uses; keep before and after.

    Args:
        changes: what Admin makes of it; None for what was asked.
        version: of the customer whose fields the decider saw; None when he did not say.

    Raises:
        RequestDecided: it was decided before.
        VersionStale: the customer was changed meanwhile (K4).
    """
    request = await change_requests.get(session, request_id)
    decide(request.status, RequestStatus.APPLIED, request.decided_by_name or "")
    wanted = request.changes if changes is None else changes
    check_about(request.about, wanted)
    before, after = await edit_customer(
        session, request.customer_id, _as_kept(wanted), version=version, reason=request.reason
    )
    stamps = _decision(session, words) | {"before": before, "after": after}
    await change_requests.close(session, request, RequestStatus.APPLIED, **stamps)
    _record(session, "applied", request, before=before, after=after, reason=words or None)
    _tell_decision(session, request)
    return request


async def refuse_change(session: Session, request_id: UUID, words: str) -> ChangeRequest:
    """Say no, and why.

    Raises:
        RequestDecided: it was decided before.
    """
    request = await change_requests.get(session, request_id)
    stamps = _decision(session, words)
    await change_requests.close(session, request, RequestStatus.REFUSED, **stamps)
    _record(session, "refused", request, reason=words)
    _tell_decision(session, request)
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


def _tell_decision(session: Session, request: ChangeRequest) -> None:
    facts = {"outcome": str(request.status), "decided_by": request.decided_by_name}
    _announce(session, ChangeRequestDecided, request, 2, words=request.words or "", **facts)


def _announce(
    session: Session,
    kind: type[ChangeRequestState],
    request: ChangeRequest,
    version: int,
    **more: Any,
) -> None:
    facts = {
        "customer_id": request.customer_id,
        "customer_name": request.customer.name,
        "about": str(request.about),
        "about_number": request.about_number,
        "asked_by_id": request.asked_by_id,
        "asked_by": request.asked_by_name,
    }
    event = kind.of(version, session.clock.now(), request.id, **facts, **more)
    outbox.publish(session, event)


def _record(session: Session, act: str, request: ChangeRequest, **facts: Any) -> None:
    audit.record(
        session,
        action=f"change_request.{act}",
        object_type="change_request",
        object_id=request.id,
        **facts,
    )
