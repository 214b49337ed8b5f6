"""The states of a file that is made, and what can go wrong with it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from shared.errors import Conflict, Invalid, NotFound

ROWS_MAX = 1_000_000
"""A worksheet ends at 1,048,576 rows; a CSV of more is for nobody's desk either."""

TRIES_MAX = 3
AT_ONCE_MAX = 5
BIG_ROWS = 5_000
BIG_AFTER = timedelta(seconds=10)
"""A file of more rows, or one that took longer, is told by the bell."""


class Status(StrEnum):
    """Where a file is; ``failed`` says why, and another one can be asked for."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Format(StrEnum):
    """What kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


class JobNotFound(NotFound):
    """No such job, not the reader's, or its file has expired (A7)."""

    detail = "Unduhan tidak ditemukan, atau sudah dihapus karena lewat masa simpannya."


class ExportNotReady(Conflict):
    """Its file is still being made, or could not be."""

    detail = "Berkas belum siap. Tunggu sampai selesai, atau buat unduhan baru."


class TooManyExports(Conflict):
    """One person's files must not keep everybody else's waiting."""

    detail = "Masih ada {count} unduhan Anda yang sedang dibuat. Tunggu sampai selesai."


class ColumnUnknown(Invalid):
    """A column that the list does not have, or one named twice."""

    detail = "Kolom {name} tidak ada pada daftar ini."


class ExportTooLarge(Invalid):
    """More rows than a sheet can hold."""

    detail = "Lebih dari {rows} baris tidak muat dalam satu berkas. Persempit saringannya."


MOVED = "Pelanggan dalam berkas ini sudah berpindah marketing. Buat unduhan baru."
RIGHTS_CHANGED = "Hak akses pembuatnya berubah. Buat unduhan baru."
GAVE_UP = "Berkas gagal dibuat tiga kali. Coba lagi; bila berulang, hubungi Admin."
