"""Rules about customers: who owns one, who may change what."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Forbidden, Invalid, NotFound


class CustomerStatus(StrEnum):
    """Whether new bookings are taken."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class CustomerNotFound(NotFound):
    """No such customer in the reader's scope (A7)."""

    detail = "Pelanggan tidak ditemukan."


class CustomerInactive(Conflict):
    """An inactive customer takes no new bookings."""

    detail = "Pelanggan {name} tidak aktif. Aktifkan dahulu sebelum membuat booking."


class MarketingNotFound(Invalid):
    """The named owner is not an active Marketing."""

    detail = "Marketing tidak ditemukan atau tidak aktif. Pilih Marketing lain."


class MarketingMissing(Invalid):
    """Somebody who sees all customers must say whose this one is."""

    detail = "Pilih Marketing yang menangani pelanggan ini."


class MarketingReserved(Invalid):
    """A Marketing tried to name an owner; his customers are his own (A2, B3)."""

    detail = "Hanya Admin yang dapat menentukan Marketing. Kosongkan isian ini."


class AlreadyOwner(Conflict):
    """A reassignment to the present owner would change nothing."""

    detail = "Pelanggan ini sudah ditangani oleh {name}."


class FieldReserved(Forbidden):
    """A change that only Admin may make."""

    detail = "Hanya Admin yang dapat mengubah isian ini. Ajukan permintaan perubahan data."


ADMIN_FIELDS = frozenset({"status"})
"""What Marketing may see but only ask to have changed (A30)."""


def customer_number(taken: int) -> str:
    """Spell the number that people read: ``PLG-000042``."""
    return f"PLG-{taken:06d}"


def choose_owner(own_id: UUID | None, wanted_id: UUID | None) -> UUID:
    """Decide whose a new customer is.

    Args:
        own_id: the Marketing who registers him; None when the caller sees all customers.
        wanted_id: the owner that the caller named.

    Raises:
        MarketingReserved: a Marketing named an owner, even himself.
        MarketingMissing: the caller has no customers of his own and named nobody.
    """
    if own_id is not None:
        if wanted_id is not None:
            raise MarketingReserved(field="marketing_id")
        return own_id
    if wanted_id is None:
        raise MarketingMissing(field="marketing_id")
    return wanted_id


def check_fields(fields: Iterable[str], *, may_decide: bool) -> None:
    """Refuse changes that the writer may only ask for.

    Raises:
        FieldReserved: one of the fields is Admin's.
    """
    for field in sorted(ADMIN_FIELDS & set(fields)):
        if not may_decide:
            raise FieldReserved(field=field)
