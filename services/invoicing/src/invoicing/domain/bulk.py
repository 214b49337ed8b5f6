"""Acts on many bills: what keeps a bill from it, and what can go wrong with the whole."""

from __future__ import annotations

from invoicing.domain.invoice import InvoiceStatus
from shared.errors import Conflict, Invalid, NotFound

ITEMS_MOST = 5_000
OPEN_MOST = 3


class BulkJobNotFound(NotFound):
    """No such job, or not the reader's (A7)."""

    detail = "Proses tidak ditemukan."


class NothingChosen(Invalid):
    """None of what was chosen is there."""

    detail = "Tidak ada tagihan yang dipilih. Pilih tagihan di daftar, lalu coba lagi."


class TooManyChosen(Invalid):
    """More than one job takes."""

    detail = "Lebih dari {most} tagihan dipilih. Persempit saringannya."


class TooManyJobs(Conflict):
    """One person's jobs must not keep everybody else's waiting."""

    detail = "Masih ada {count} proses Anda yang berjalan. Tunggu sampai selesai."


class JobEnded(Conflict):
    """What has ended can be neither stopped nor, while it runs, done again."""

    detail = "Proses ini sudah selesai atau masih berjalan. Muat ulang halaman."


def why_not_cancel(status: InvoiceStatus, paid_idr: int) -> str:
    """Say what keeps a bill from being cancelled; nothing when nothing does (M6)."""
    if status is InvoiceStatus.CANCELLED:
        return "Sudah batal."
    if paid_idr > 0:
        return "Sudah menerima uang, jadi tidak dapat dibatalkan."
    return ""
