"""Rules about handing customers over in bulk: looked at, run once, taken back for a day (A43)."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import ConfirmationNeeded, Conflict, Invalid, InvalidTransition, NotFound

ALONE_MOST = 20
"""More customers than this need the password again (A8)."""
UNDO_FOR = timedelta(hours=24)
MOST = 20_000


class HandoverState(StrEnum):
    """Where a handover stands; a draft has changed nothing."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


class RowState(StrEnum):
    """What became of one customer."""

    WAITING = "waiting"
    MOVED = "moved"
    SKIPPED = "skipped"
    RETURNED = "returned"


S = HandoverState
TRANSITIONS: dict[HandoverState, frozenset[HandoverState]] = {
    S.DRAFT: frozenset({S.RUNNING}),
    S.RUNNING: frozenset({S.DONE}),
    S.DONE: frozenset({S.UNDOING}),
    S.UNDOING: frozenset({S.UNDONE}),
    S.UNDONE: frozenset(),
}


class HandoverNotFound(NotFound):
    """No such handover."""

    detail = "Pemindahan tidak ditemukan."


class NobodyToMove(Invalid):
    """Everybody who was chosen is with the target already, or nobody was chosen."""

    detail = "Tidak ada pelanggan yang akan pindah. Pilih pelanggan yang belum pada Marketing itu."


class TooManyToMove(Invalid):
    """One handover takes so many."""

    detail = "Sekali pindah paling banyak {most} pelanggan. Bagi menjadi beberapa kali."


class UndoTooLate(Conflict):
    """The day in which it can be taken back is over."""

    detail = (
        "Pemindahan ini sudah lebih dari 24 jam. Pindahkan lagi pelanggannya dengan cara biasa."
    )


def move(current: HandoverState, target: HandoverState) -> HandoverState:
    """Go on to another state.

    Raises:
        InvalidTransition: there is no such way.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=str(current), target=str(target))
    return target


def check_confirmed(total: int, *, confirmed: bool) -> None:
    """Many customers at once are a sensitive act (A8).

    Raises:
        ConfirmationNeeded: the password was not given lately.
    """
    if total > ALONE_MOST and not confirmed:
        raise ConfirmationNeeded


def check_undo(finished_at: datetime | None, now: datetime) -> None:
    """Take back within a day only.

    Raises:
        UndoTooLate: the day is over.
    """
    if finished_at is not None and now - finished_at > UNDO_FOR:
        raise UndoTooLate
