"""A statement file between the first and the last step of its import."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.domain.answers.statements import Column
from dashboard.domain.files import File
from dashboard.domain.refusals import Refused

ROLES = {
    "": "Tidak dipakai",
    "day": "Tanggal",
    "value_day": "Tanggal valuta",
    "reference": "Referensi",
    "description": "Keterangan",
    "debit": "Debit (keluar)",
    "credit": "Kredit (masuk)",
    "amount": "Jumlah bertanda",
    "balance": "Saldo",
}
LAYOUTS = {
    "named": "Dicocokkan sendiri, dan diingat untuk berkas berjudul kolom sama.",
    "remembered": "Dipakai dari impor sebelumnya, karena judul kolomnya sama.",
    "guessed": "Ditebak dari judul kolom. Periksa contoh isinya.",
}
_COLUMN = re.compile(r"column-([0-9]{1,3})")
_LINE = re.compile(r"line ([0-9]+)")


@dataclass(frozen=True, slots=True)
class Draft:
    """A chosen file with what was said about it; ``roles`` are by place, empty for not used."""

    file: File
    roles: Mapping[int, str] = field(default_factory=dict)
    account: str = ""

    @property
    def twice(self) -> str:
        """Name a role that two columns were given; empty when each has one."""
        used = [role for role in self.roles.values() if role]
        return next((ROLES[role] for role in used if used.count(role) > 1), "")

    @property
    def fields(self) -> dict[str, str]:
        """Spell what was said for the service; without columns it decides itself."""
        named = {role: place for place, role in self.roles.items() if role}
        spelled = {"columns": json.dumps(named)} if named else {}
        return spelled | ({"account": self.account} if self.account else {})

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
    return Draft(replace(file, name=file.name[:200]), roles, account)


def said_by_line(refusal: Refused) -> list[tuple[str, str]]:
    """Give what is wrong, line by line; nothing when the file as a whole is."""
    found = [(_LINE.fullmatch(name), text) for name, text in refusal.errors.items()]
    return [(f"Baris {match[1]}", text) for match, text in found if match]
