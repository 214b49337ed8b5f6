"""A statement file between the first and the last step of its import."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.domain.answers.statements import Column
from dashboard.domain.files import File
from dashboard.domain.forms import rupiah
from dashboard.domain.refusals import Refused

ROLES = {
    "": "Tidak dipakai",
    "day": "Tanggal",
    "value_day": "Tanggal valuta",
    "reference": "Referensi",
    "description": "Keterangan",
    "debit": "Debit (keluar)",
    "credit": "Kredit (masuk)",
    "amount": "Jumlah",
    "direction": "Arah uang (D/K)",
    "balance": "Saldo",
}
ORDERS = {
    "": "Seperti yang terlihat di berkas",
    "day_first": "Hari dulu (31/12/2026)",
    "month_first": "Bulan dulu (12/31/2026)",
}
LAYOUTS = {
    "named": "Dicocokkan sendiri, dan diingat untuk berkas berjudul kolom sama.",
    "remembered": "Dipakai dari impor sebelumnya, karena judul kolomnya sama.",
    "guessed": "Ditebak dari judul kolom. Periksa contoh isinya.",
}
_COLUMN = re.compile(r"column-([0-9]{1,3})")
_BALANCE = re.compile(r"(?P<minus>[-\u2212]?)\s*(?P<amount>.+?)(?:,00)?")
_LINE = re.compile(r"line ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A chosen file with what was said about it.

    Attributes:
        roles: what each column holds, by its place; empty for not used.
        opening: the balance before the first line, as it was typed.
        order: which number of a date comes first; empty when nobody says it.
    """

    file: File
    roles: Mapping[int, str] = field(default_factory=dict)
    account: str = ""
    opening: str = ""
    order: str = ""

    @property
    def opening_idr(self) -> int | None:
        """Read the typed balance; one of an overdrawn account is negative."""
        match = _BALANCE.fullmatch(self.opening)
        amount = rupiah(match["amount"]) if match else None
        return -amount if match and match["minus"] and amount is not None else amount

    @property
    def fault(self) -> str:
        """Say what of it makes no sense; empty when all does."""
        used = [role for role in self.roles.values() if role]
        twice = next((ROLES[role] for role in used if used.count(role) > 1), "")
        if twice:
            return f"Dua kolom sama-sama dicocokkan sebagai {twice}. Pilih satu saja."
        if self.opening and self.opening_idr is None:
            return "Saldo awal belum terbaca. Tulis rupiah bulat, misalnya 1.500.000."
        return ""

    @property
    def fields(self) -> dict[str, str]:
        """Spell what was said for the service; without columns it decides itself."""
        named = {role: place for place, role in self.roles.items() if role}
        spelled = {"columns": json.dumps(named)} if named else {}
        spelled |= {"account": self.account} if self.account else {}
        spelled |= {"date_order": self.order} if self.order else {}
        opening = self.opening_idr
        return spelled | ({} if opening is None else {"opening_idr": str(opening)})

    def shown(self, columns: Sequence[Column]) -> list[Column]:
        """Give the columns as the person left them."""
        return [
            each.model_copy(update={"role": self.roles.get(each.place, each.role)})
            for each in columns
        ]


def draft_of(file: File, values: Mapping[str, str]) -> Draft:
    """Read what a form says about its file."""
    roles = {
        int(match[1]): role
        for name, role in values.items()
        if (match := _COLUMN.fullmatch(name)) and role in ROLES
    }
    account = re.sub(r"[^0-9]", "", values.get("account", ""))[:34]
    opening = values.get("opening", "").strip()[:40]
    order = values.get("order", "")
    order = order if order in ORDERS else ""
    return Draft(replace(file, name=file.name[:200]), roles, account, opening, order)


def said_by_line(refusal: Refused) -> list[tuple[str, str]]:
    """Give what is wrong, line by line; nothing when the file as a whole is."""
    found = [(_LINE.fullmatch(name), text) for name, text in refusal.errors.items()]
    return [(f"Baris {match[1]}", text) for match, text in found if match]
