"""What each kind of import finds, writes and takes back; the writing is that of every day."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from customer.domain.imports.life import ImportKind
from customer.domain.imports.rows import Match, Reading
from customer.handlers.imports import bookings, customers, products
from customer.store import import_matches
from shared.database import Session

Changes = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of import.

    Attributes:
        find: what each row is about, in their order.
        add: make an object of a row's fields; gives its id and version.
        change: change fields of an object that has a version; gives the new version.
        retire: the changes that take a new object out of use again.
        lock: let nothing new come to depend on the objects of an import.
        used: the objects of an import on which something depends, by name.
        twin: the field, read or added, by which two rows of one file are the same object.
        told: the field at which that is said.
    """

    find: Callable[[Session, Sequence[Reading]], Awaitable[list[Match]]]
    add: Callable[[Session, Changes], Awaitable[tuple[UUID, int]]]
    change: Callable[[Session, UUID, Changes, int, str], Awaitable[int]]
    retire: Changes
    lock: Callable[[Session, UUID], Awaitable[None]]
    used: Callable[[Session, UUID], Awaitable[dict[UUID, str]]]
    twin: str
    told: str


KINDS: dict[ImportKind, Kind] = {
    ImportKind.CUSTOMERS: Kind(
        find=customers.find,
        add=customers.add,
        change=customers.change,
        retire={"status": "inactive"},
        lock=import_matches.lock_customers,
        used=import_matches.used_customers,
        twin="phone",
        told="phone",
    ),
    ImportKind.PRODUCTS: Kind(
        find=products.find,
        add=products.add,
        change=products.change,
        retire={"active": False},
        lock=import_matches.lock_products,
        used=import_matches.used_products,
        twin="code",
        told="code",
    ),
    ImportKind.BOOKINGS: Kind(
        find=bookings.find,
        add=bookings.add,
        change=bookings.change,
        retire={"status": "cancelled"},
        lock=import_matches.lock_bookings,
        used=import_matches.used_bookings,
        twin="twin",
        told="code",
    ),
}
