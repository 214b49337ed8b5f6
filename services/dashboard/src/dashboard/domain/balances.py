"""The bank's balance beside the ledger's, as pages show it (ADR-0031)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dashboard.domain import wording
from dashboard.domain.answers.closes import Balance
from dashboard.domain.status import Mark

CAUSES = {
    "pending": "Baris yang masih dicocokkan",
    "other_day": "Dibukukan pada hari lain",
    "open": "Menunggu orang di Pengecualian",
    "decided": "Dijelaskan orang tanpa uang berpindah",
    "returned": "Dikembalikan, debitnya belum dikenali di mutasi",
    "unprinted": "Belum tercetak di mutasi yang ada",
}
_SAME = Mark("success", "circle-check", "Cocok")
_KNOWN = Mark("warning", "circle-alert", "Selisih, sebabnya jelas")
_UNKNOWN = Mark("error", "triangle-alert", "Ada selisih tanpa sebab")


@dataclass(frozen=True, slots=True)
class Row:
    """One cause of a difference; only what nothing explains has a tone."""

    word: str
    amount_idr: int
    count: int = 0
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both balances at the end of a day, and why they differ."""

    day: date
    since: date
    printed_idr: int
    ledger_idr: int
    difference_idr: int
    mark: Mark
    rows: tuple[Row, ...]


def comparison(found: Balance | None) -> Comparison | None:
    """Shape what was compared; None where no statement holds the day whole."""
    if found is None:
        return None
    return Comparison(
        day=found.day,
        since=found.since,
        printed_idr=found.printed_idr,
        ledger_idr=found.ledger_idr,
        difference_idr=found.difference_idr,
        mark=_mark(found),
        rows=tuple(_rows(found)),
    )


def difference(found: Balance) -> str:
    """Say in a word how far apart they are."""
    if found.unexplained_idr:
        return f"{wording.money(found.unexplained_idr)} tanpa sebab"
    if found.difference_idr:
        return f"selisih {wording.money(found.difference_idr)}, sebabnya jelas"
    return "cocok"


def _mark(found: Balance) -> Mark:
    if found.unexplained_idr:
        return _UNKNOWN
    return _KNOWN if found.difference_idr else _SAME


def _rows(found: Balance) -> Iterator[Row]:
    if found.brought_idr:
        yield Row("Dari hari-hari sebelumnya", found.brought_idr)
    for name, word in CAUSES.items():
        if figure := found.causes.get(name):
            yield Row(word, figure.amount_idr, figure.count)
    if found.unexplained_idr:
        yield Row("Tidak ada yang menjelaskannya", found.unexplained_idr, tone="error")
