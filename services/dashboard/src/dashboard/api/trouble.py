"""Pages of trouble: what happened, what it means for the money, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.domain.refusals import Refused
from shared.errors import Conflict, DomainError, Forbidden, NotFound, Unavailable, VersionStale
from shared.web.problems import status_of


@dataclass(frozen=True, slots=True)
class Trouble:
    """One page of trouble; ``again`` is where *Muat ulang* leads."""

    status: int
    title: str
    text: str
    icon: str
    tone: str = "muted"
    again: str = ""
    code: str = ""


def trouble_of(error: DomainError, path: str) -> Trouble:
    """Choose the words; what is not yours looks like what is not there (A7)."""
    if isinstance(error, NotFound | Forbidden):
        text = "Mungkin sudah dipindahkan. Tanyakan kepada Admin bila perlu."
        return Trouble(404, "Halaman tidak ditemukan", text, "lock")
    if isinstance(error, VersionStale):
        return Trouble(412, "Data sudah berubah", str(error), "info", "info", path)
    if isinstance(error, Conflict):
        return Trouble(409, "Tidak dapat dilakukan sekarang", str(error), "info", "info", path)
    if isinstance(error, Refused):
        text = f"{error} Tidak ada yang berubah."
        return Trouble(422, "Belum dapat diproses", text, "circle-alert", "error", path)
    if isinstance(error, Unavailable):
        text = (
            "Bagian sistem yang diperlukan tidak menjawab. Data dan uang Anda tidak berubah; "
            "halaman lain tetap dapat dipakai. Coba lagi sebentar lagi."
        )
        return Trouble(503, "Sedang tidak tersedia", text, "unplug", "warning", path)
    return Trouble(
        status_of(error), "Belum dapat diproses", str(error), "circle-alert", "error", path
    )


def defect(code: str) -> Trouble:
    """A bug: only an id to quote (B2)."""
    text = (
        "Terjadi kesalahan pada sistem. Uang dan data yang sudah tersimpan tidak berubah. "
        "Coba lagi; bila terulang, sebutkan kode ini kepada kami."
    )
    return Trouble(500, "Ada yang keliru pada sistem", text, "circle-x", "error", "/", code)
