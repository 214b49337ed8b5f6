"""Fields and their values in the words of a reader; nothing is shown as the machine spells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.domain import wording

Facts = Mapping[str, Any]

FIELDS = {
    "name": "Nama",
    "phone": "No. HP",
    "address": "Alamat",
    "email": "Email",
    "status": "Status",
}
_STATES = {"active": "Aktif", "inactive": "Tidak aktif"}
NOTHING = "belum diisi"


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, as it is read."""

    field: str
    word: str
    before: str
    after: str


def changes(before: Facts, after: Facts) -> list[Change]:
    """Put the fields of ``after`` beside what they were; in the order of the customer's form."""
    return [
        Change(field, word, value(field, before.get(field)), value(field, after[field]))
        for field, word in FIELDS.items()
        if field in after
    ]


def value(field: str, raw: Any) -> str:
    """Spell one value."""
    if raw in (None, ""):
        return NOTHING
    if field == "status":
        return _STATES.get(str(raw), "Belum diketahui")
    return wording.phone(str(raw)) if field == "phone" else str(raw)
