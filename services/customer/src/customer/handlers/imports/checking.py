"""The dry run: what each row would do. It reads everything and writes only to the import itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict

from customer.domain.imports.cells import Fault, Hints
from customer.domain.imports.fields import Columns
from customer.domain.imports.life import ImportKind, Verdict
from customer.domain.imports.rows import Judgement, Match, Reading, hints_of, judge, read_row
from customer.handlers.imports.kinds import KINDS, Kind
from customer.models import Import, ImportRow
from customer.store import import_matches, imports
from shared.database import Session

Texts = tuple[Sequence[str], Mapping[str, str]]
"""The cells of a row, and what was typed over them."""


async def check(session: Session, staged: Import) -> None:
    """Judge every row anew, against what is known now and against the other rows."""
    rows = await imports.rows(session, staged.id)
    marketing = await import_matches.marketing(session)
    texts: list[Texts] = [(row.cells, row.edits) for row in rows]
    readings = await asyncio.to_thread(_read_all, staged.kind, texts, staged.columns, marketing)
    matches = await KINDS[staged.kind].find(session, readings)
    given = {"marketing": str(staged.marketing_id)} if staged.marketing_id else {}
    twins = Twins(KINDS[staged.kind])
    for row, reading, match in zip(rows, readings, matches, strict=True):
        match = twins.told(row.row_no, reading, match)  # noqa: PLW2901 - the same match, told more
        judged = judge(staged.kind, reading, match, given)
        _note(row, {**given, **match.added, **reading.values}, judged)


class Twins:
    """Knows which rows of a file are about one object: the second is refused."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._seen: dict[str, int] = {}

    def told(self, row_no: int, reading: Reading, match: Match) -> Match:
        """Add to a match that an earlier row is about the same."""
        value = {**reading.values, **match.added}.get(self._kind.twin)
        key = str(match.known.id) if match.known else str(value)
        if match.known is None and value is None:
            return match
        first = self._seen.setdefault(key, row_no)
        if first == row_no:
            return match
        reason = f"Sama dengan baris {first} di berkas ini. Perbaiki bila memang lain."
        fault = Fault(self._kind.told, reason)
        return Match(match.known, (*match.faults, fault), match.added)


def _read_all(
    kind: ImportKind,
    texts: Sequence[Texts],
    columns: Columns,
    marketing: Mapping[str, Sequence[str]],
) -> list[Reading]:
    hints: Hints = hints_of(texts, columns, marketing)
    return [read_row(kind, cells, columns, edits, hints) for cells, edits in texts]


def _note(row: ImportRow, fields: Mapping[str, object], judged: Judgement) -> None:
    row.verdict = judged.verdict
    row.fields = dict(fields)
    row.faults = [asdict(fault) for fault in judged.faults]
    row.changes = {key: list(pair) for key, pair in judged.changes.items()}
    known = judged.known if judged.verdict is not Verdict.REJECTED else None
    row.object_id = known.id if known else None
    row.object_version = known.version if known else None
