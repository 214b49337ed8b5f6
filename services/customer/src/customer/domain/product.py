"""Rules about the catalogue."""

from __future__ import annotations

from enum import StrEnum

from shared.errors import Conflict, Invalid, NotFound

CODE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$"
"""How a code is spelled."""


class ProductKind(StrEnum):
    """Sold once, or each month again."""

    ONE_OFF = "one_off"
    SUBSCRIPTION = "subscription"


class ProductNotFound(NotFound):
    """No such product."""

    detail = "Produk tidak ditemukan."


class ProductCodeTaken(Conflict):
    """Each product has a code of its own."""

    detail = "Kode produk {code} sudah dipakai. Gunakan kode lain."


class ProductNotOffered(Invalid):
    """A booking names a product that does not exist or is not sold any more."""

    detail = "Produk ini tidak ada atau tidak lagi ditawarkan. Pilih produk lain."
