"""What a search shows: groups of hits, and what can be done from the box itself."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; ``icon`` when it has one of its own."""

    title: str
    detail: str
    address: str
    amount_idr: int | None = None
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Hits of one kind; ``total`` counts those that are not shown too, ``more`` shows them."""

    word: str
    icon: str
    hits: tuple[Hit, ...]
    total: int
    more: str = ""


_ACTIONS = (
    ("clipboard-list", "Buat booking", "/bookings/new", "bookings.write"),
    ("user-plus", "Tambah pelanggan", "/customers/new", "customers.write"),
    ("triangle-alert", "Pelanggan menunggak", "/customers?view=overdue", ""),
    ("calendar-clock", "Tagihan jatuh tempo", "/invoices?view=due_soon", ""),
    ("banknote-arrow-down", "Pembayaran langsung", "/payments", ""),
    ("chart-no-axes-column", "Rekap bulan ini", "/recaps", ""),
    ("file-up", "Impor mutasi bank", "/bank/import", "statements.write"),
    ("calendar-check", "Tutup hari", "/closes/new", "closes.write"),
)


def actions(words: str, permissions: Set[str]) -> Group:
    """Give what the role may do whose name holds every word."""
    wanted = words.lower().split()
    hits = [
        Hit(title, "", address, icon=icon)
        for icon, title, address, right in _ACTIONS
        if (not right or right in permissions) and all(w in title.lower() for w in wanted)
    ]
    return Group("Langsung ke" if not wanted else "Tindakan", "arrow-right", tuple(hits), len(hits))


def recent(hits: tuple[Hit, ...]) -> Group:
    """Give what the reader opened last."""
    return Group("Terakhir dibuka", "clock", hits, len(hits))
