"""The words of imports, and what a form says about one."""

from __future__ import annotations

import re
from collections.abc import Mapping

from dashboard.domain import wording
from dashboard.domain.answers.imports import Import, ImportDetail
from dashboard.domain.status import Mark

KINDS = {"customers": "Pelanggan", "products": "Produk", "bookings": "Booking"}
LISTS = {"customers": "/customers", "products": "/products", "bookings": "/bookings"}
STATES = {
    "draft": Mark("info", "search", "Diperiksa"),
    "running": Mark("warning", "clock", "Berjalan"),
    "done": Mark("success", "circle-check", "Selesai"),
    "undoing": Mark("warning", "clock", "Dibatalkan"),
    "undone": Mark("muted", "undo-2", "Dibatalkan"),
}
VERDICTS = {
    "rejected": "Bermasalah",
    "new": "Baru",
    "changed": "Berubah",
    "same": "Sama",
}
LAYOUTS = {
    "guessed": "Ditebak dari judul kolom. Periksa contoh isinya.",
    "remembered": "Dipakai dari impor sebelumnya, karena judul kolomnya sama.",
    "named": "Dicocokkan sendiri, dan diingat untuk berkas berjudul kolom sama.",
}
_COLUMN = re.compile(r"column-([0-9]{1,3})")
_TEXT = re.compile(r"text-([a-z_]{1,30})")


def step_of(found: Import, wanted: str) -> int:
    """Tell at which of the five steps an import is; columns can be looked at again."""
    if found.state == "draft":
        return 2 if wanted == "columns" else 3
    return 4 if found.at_work else 5


def columns_said(values: Mapping[str, str]) -> tuple[dict[str, int], str]:
    """Read which column is which, and what of it makes no sense; empty when all does."""
    chosen = [
        (field, int(match[1]))
        for name, field in values.items()
        if (match := _COLUMN.fullmatch(name)) and field
    ]
    fields = [field for field, _ in chosen]
    if len(set(fields)) < len(fields):
        return {}, "Dua kolom dipilih untuk isian yang sama. Pilih satu saja."
    return dict(chosen), ""


def texts_said(values: Mapping[str, str]) -> dict[str, str]:
    """Read what was typed over the cells of a row."""
    return {m[1]: text for name, text in values.items() if (m := _TEXT.fullmatch(name))}


def sentence(found: ImportDetail) -> str:
    """Say what an import would do, or did."""
    new, changed = found.rows.get("new", 0), found.rows.get("changed", 0)
    counted = [
        (new, "baru"),
        (changed, "berubah"),
        (found.rows.get("same", 0), "sudah sama"),
        (found.rejected, "bermasalah"),
    ]
    return ", ".join(f"{wording.grouped(number)} {word}" for number, word in counted if number)
