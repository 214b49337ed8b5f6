"""Outcomes the business expects, as exceptions. They know their kind, not HTTP.

    DomainError
    |-- NotFound            not there, or not yours (A7)
    |-- Conflict            the present state forbids it
    |   |-- InvalidTransition
    |   `-- VersionStale    somebody else changed it first (K4)
    |-- Invalid             a rule is broken by the input
    |-- Unauthenticated     nobody is signed in
    |-- Forbidden           the role lacks the function
    |   `-- ConfirmationNeeded  the password was not given lately (A8)
    |-- TooOften            wait, then try again (W3)
    `-- Unavailable         we cannot do it now; nothing happened (R7, R8)

``detail`` is what a person reads, in Indonesian; its fields come from the constructor.
"""

from __future__ import annotations

from typing import Any, ClassVar


class DomainError(Exception):
    """The parent of all expected outcomes; ``fields`` fill the text and are kept."""

    detail: ClassVar[str] = "Permintaan tidak dapat diproses."

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        super().__init__(self.detail.format(**fields))


class NotFound(DomainError):
    """It does not exist, or the reader may not know that it does."""

    detail = "Data tidak ditemukan."


class Conflict(DomainError):
    """The present state of the object forbids the act; nothing changed."""

    detail = "Data sudah berubah. Muat ulang, lalu coba lagi."


class InvalidTransition(Conflict):
    """A move that the state machine does not have (S)."""

    detail = "Status tidak dapat diubah dari {current} menjadi {target}."


class VersionStale(DomainError):
    """An edit was made from an older version than the present one (K4)."""

    detail = "Data sudah diubah orang lain (versi sekarang {version}). Muat ulang, lalu coba lagi."


class VersionMissing(DomainError):
    """An edit came without ``If-Match``; the writer did not say what he saw (K4)."""

    detail = "Sertakan versi data yang diubah (If-Match)."


class Invalid(DomainError):
    """The input breaks a rule of the business; ``field`` names where, when known."""

    detail = "Data belum benar."


class Unauthenticated(DomainError):
    """Nobody is signed in, or the session has ended."""

    detail = "Anda belum masuk. Silakan masuk terlebih dahulu."


class Forbidden(DomainError):
    """The role does not have this function."""

    detail = "Peran Anda tidak memiliki hak untuk tindakan ini."


class ConfirmationNeeded(Forbidden):
    """A sensitive act needs the password again (A8); nothing happened."""

    detail = (
        "Tindakan ini memerlukan kata sandi Anda sekali lagi. Belum ada yang berubah."
        " Konfirmasi kata sandi, lalu ulangi."
    )


class TooOften(DomainError):
    """It comes too early after what failed before (W3); nothing was looked at."""

    detail = "Terlalu banyak percobaan. Coba lagi dalam {seconds} detik."


class TooLarge(DomainError):
    """The request is larger than the limit (B4)."""

    detail = "Permintaan melebihi batas {limit_bytes} byte."


class Unavailable(DomainError):
    """We cannot do it now; nothing happened, so it may be tried again."""

    detail = "Sistem sedang sibuk. Tidak ada yang berubah. Coba lagi sebentar lagi."
