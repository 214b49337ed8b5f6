"""The life of one import, and what is said when it cannot go on."""

from __future__ import annotations

from enum import StrEnum

from shared.errors import Conflict, Invalid, InvalidTransition, NotFound


class ImportKind(StrEnum):
    """What the rows of a file are."""

    CUSTOMERS = "customers"
    PRODUCTS = "products"
    BOOKINGS = "bookings"


class ImportState(StrEnum):
    """Where an import stands; a draft has written nothing."""

    DRAFT = "draft"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"


S = ImportState
TRANSITIONS: dict[ImportState, frozenset[ImportState]] = {
    S.DRAFT: frozenset({S.RUNNING}),
    S.RUNNING: frozenset({S.DONE, S.DRAFT}),  # back: an import of all or nothing met an obstacle
    S.DONE: frozenset({S.UNDOING}),
    S.UNDOING: frozenset({S.UNDONE, S.DONE}),  # back: something came to depend on a row
    S.UNDONE: frozenset(),
}


class Verdict(StrEnum):
    """What a row would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REJECTED = "rejected"


class RowState(StrEnum):
    """What became of a row."""

    WAITING = "waiting"
    WRITTEN = "written"
    FAILED = "failed"
    UNDONE = "undone"


class ImportNotFound(NotFound):
    """No such import."""

    detail = "Impor tidak ditemukan."


class RowNotFound(NotFound):
    """The import has no such row."""

    detail = "Baris tidak ditemukan di impor ini."


class SheetRefused(Invalid):
    """The file is no table that can be read; nothing is kept of it."""

    detail = "{reason} Tidak ada yang tersimpan."


class ColumnsNotValid(Invalid):
    """The columns were matched in a way that makes no sense."""

    detail = "Pencocokan kolom belum benar: {reason}"


class NothingToImport(Conflict):
    """Every row is known already, or rejected."""

    detail = "Tidak ada baris baru atau berubah. Tidak ada yang perlu diimpor."


class NothingToTakeBack(Conflict):
    """The import wrote nothing, or its rows were deleted after their time (P3)."""

    detail = "Tidak ada yang dapat dibatalkan: impor ini belum atau sudah lama tersimpan."


class RowsRejected(Conflict):
    """All or nothing was chosen, and some rows cannot be taken."""

    detail = "{count} baris masih bermasalah. Perbaiki dahulu, atau lewati baris bermasalah."


class ImportInUse(Conflict):
    """Something depends on what an import brought, so it is not taken back."""

    detail = (
        "{count} data dari impor ini sudah dipakai atau diubah sesudahnya ({names})."
        " Tidak ada yang dibatalkan. Nonaktifkan atau ubah satu per satu."
    )


def move(current: ImportState, target: ImportState) -> ImportState:
    """Take one step of the life of an import.

    Raises:
        InvalidTransition: the table does not have it.
    """
    if target not in TRANSITIONS[current]:
        raise InvalidTransition(current=WORDS[current], target=WORDS[target])
    return target


WORDS = {
    S.DRAFT: "diperiksa",
    S.RUNNING: "berjalan",
    S.DONE: "selesai",
    S.UNDOING: "dibatalkan sebentar lagi",
    S.UNDONE: "dibatalkan",
}
