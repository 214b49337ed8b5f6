"""What a row would do: a new object, a change, nothing, or a refusal (A44)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from customer.domain.imports.cells import Fault, Hints, Unclear, read_cell
from customer.domain.imports.days import shows_month_first
from customer.domain.imports.fields import FIELDS, Columns
from customer.domain.imports.life import ImportKind, Verdict
from shared.sheets.rupiah import style_of
from shared.text import clean

Values = Mapping[str, object]
_AMOUNTS = ("price_idr", "down_payment_idr")
_DAYS = ("first_due_on", "down_payment_due_on")
_TITLES = {"bapak", "ibu", "pak", "bu", "bpk", "sdr", "sdri", "haji", "hajah", "hj"}


@dataclass(frozen=True, slots=True)
class Known:
    """An object that exists; ``values`` are its fields as a row would spell them."""

    id: UUID
    number: str
    version: int
    values: Values


@dataclass(frozen=True, slots=True)
class Reading:
    """A row with its cells understood, as far as they can be."""

    values: Values
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a row is about; ``added`` are fields that nobody wrote but that follow."""

    known: Known | None = None
    faults: tuple[Fault, ...] = ()
    added: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a row would do, and to what."""

    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    known: Known | None = None
    changes: Mapping[str, tuple[object, object]] = field(default_factory=dict)


def read_row(
    kind: ImportKind, cells: Sequence[str], columns: Columns, edits: Mapping[str, str], hints: Hints
) -> Reading:
    """Read what is filled in; what a person typed over a cell wins."""
    values: dict[str, object] = {}
    faults = []
    for key in (each.key for each in FIELDS[kind]):
        text = clean(text_of(key, cells, columns, edits))
        if not text:
            continue
        try:
            values[key] = read_cell(key, text, hints)
        except Unclear as unclear:
            faults.append(Fault(key, str(unclear), unclear.proposal))
        except ValueError:
            faults.append(Fault(key, "Memuat karakter yang tidak boleh."))
    return Reading(values, tuple(faults))


def text_of(key: str, cells: Sequence[str], columns: Columns, edits: Mapping[str, str]) -> str:
    """Give the text of a field: as it was typed over, else as the file has it."""
    if key in edits:
        return edits[key].strip()
    at = columns.get(key)
    return cells[at].strip() if at is not None and at < len(cells) else ""


def hints_of(
    rows: Sequence[tuple[Sequence[str], Mapping[str, str]]],
    columns: Columns,
    marketing: Mapping[str, Sequence[str]],
) -> Hints:
    """Look at a file as a whole: how its amounts are spelled, and its dates.

    Dates as the file has them: mending the one that shows their order must not hide it.
    """
    amounts = (text_of(key, row[0], columns, row[1]) for key in _AMOUNTS for row in rows)
    days = (text_of(key, cells, columns, {}) for key in _DAYS for cells, _ in rows)
    return Hints(style_of(filter(None, amounts)), marketing, shows_month_first(days))


def judge(kind: ImportKind, reading: Reading, match: Match, given: Values) -> Judgement:
    """Decide what a row does.

    Args:
        given: what stands in for fields that a new row leaves empty.
    """
    known, values = match.known, {**match.added, **reading.values}
    faults = [*reading.faults, *match.faults]
    if known is None:
        named = {fault.field for fault in faults}
        faults += [
            Fault(each.key, "Wajib diisi.")
            for each in FIELDS[kind]
            if each.needed and each.key not in {*values, *given, *named}
        ]
    if faults:
        return Judgement(Verdict.REJECTED, tuple(faults), known)
    if known is None:
        return Judgement(Verdict.NEW)
    changes = {
        key: (known.values[key], value)
        for key, value in values.items()
        if key in known.values and known.values[key] != value
    }
    return Judgement(Verdict.CHANGED if changes else Verdict.SAME, (), known, changes)


def share_a_name(one: str, other: str) -> bool:
    """Tell whether two spellings can be one person: they share a word that is no title."""
    words = [set(re.findall(r"\w{2,}", name.casefold())) - _TITLES for name in (one, other)]
    return bool(words[0] & words[1]) or not all(words)
