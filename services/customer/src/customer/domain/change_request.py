"""Rules about change requests: Marketing asks, Admin decides, once (A30)."""

from __future__ import annotations

from enum import StrEnum

from shared.errors import InvalidTransition, NotFound


class RequestStatus(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPLIED = "applied"
    REFUSED = "refused"


TRANSITIONS: dict[RequestStatus, frozenset[RequestStatus]] = {
    RequestStatus.OPEN: frozenset({RequestStatus.APPLIED, RequestStatus.REFUSED}),
    RequestStatus.APPLIED: frozenset(),
    RequestStatus.REFUSED: frozenset(),
}


class ChangeRequestNotFound(NotFound):
    """No such request in the reader's scope (A7)."""

    detail = "Permintaan perubahan tidak ditemukan."


def decide(current: RequestStatus, target: RequestStatus) -> RequestStatus:
    """Apply or refuse a request that is still open.

    Raises:
        InvalidTransition: it was decided before.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=str(current), target=str(target))
    return target
