"""Rules about change requests: Marketing asks, Admin decides, once (A30)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from shared.errors import Conflict, Invalid, NotFound


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


class About(StrEnum):
    """What the request speaks of; only a customer's fields can be changed by applying it."""

    CUSTOMER = "customer"
    BOOKING = "booking"
    INVOICE = "invoice"


class ChangeRequestNotFound(NotFound):
    """No such request in the reader's scope (A7)."""

    detail = "Permintaan perubahan tidak ditemukan."


class RequestDecided(Conflict):
    """Somebody else was faster; what he decided stands (S)."""

    detail = (
        "Permintaan ini sudah {outcome} {name}. Keputusan itu tetap; keputusan Anda tidak dipakai."
    )


class ChangesNotWanted(Invalid):
    """Fields of a customer do not change a booking or a bill."""

    detail = "Tuliskan dengan kata-kata apa yang perlu diubah pada booking atau tagihan ini."


OUTCOMES = {RequestStatus.APPLIED: "dijalankan oleh", RequestStatus.REFUSED: "ditolak oleh"}


def check_about(about: About, changes: Collection[str]) -> None:
    """Refuse fields of a customer where the request is about something else.

    Raises:
        ChangesNotWanted: the fields would change nothing of it.
    """
    if about is not About.CUSTOMER and changes:
        raise ChangesNotWanted(field="changes")


def decide(current: RequestStatus, target: RequestStatus, decider: str) -> RequestStatus:
    """Apply or refuse a request that is still open.

    Raises:
        RequestDecided: it was decided before, by ``decider``.
    """
    if target not in TRANSITIONS[current]:
        raise RequestDecided(outcome=OUTCOMES.get(current, "ditangani"), name=decider)
    return target
