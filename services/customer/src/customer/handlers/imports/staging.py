"""What a person does with an import: upload, match columns, mend rows, run it, take it back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from customer.domain.imports.fields import FIELDS, check_columns, guess, key_of, known_headings
from customer.domain.imports.life import (
    ColumnsNotValid,
    ImportInUse,
    ImportKind,
    ImportState,
    NothingToImport,
    NothingToTakeBack,
    RowsRejected,
    RowState,
    SheetRefused,
    Verdict,
)
from customer.handlers.imports.checking import check
from customer.handlers.imports.kinds import KINDS
from customer.models import Facts, Import, ImportRow
from customer.store import imports, users
from shared import audit
from shared.database import Session
from shared.errors import InvalidTransition
from shared.sheets.reading import CELL_LENGTH_MAX, Sheet, read
from shared.sheets.text import Unreadable
from shared.text import clean

_NAMES_TOLD = 3


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came; ``marketing_id`` gets new customers of rows that name nobody."""

    kind: ImportKind
    name: str
    content: bytes
    marketing_id: UUID | None


async def stage(session: Session, upload: Upload) -> Import:
    """Keep the rows of a file and look at them; nothing else is written.

    Raises:
        SheetRefused: it is no table, or too large.
        MarketingNotFound: the Marketing is not an active one.
    """
    if upload.marketing_id is not None:
        await users.get_marketing(session, upload.marketing_id)
    sheet = await asyncio.to_thread(_read, upload)
    key = key_of(sheet.headings)
    remembered = await imports.remembered(session, upload.kind, key)
    principal, now = session.principal, session.clock.now()
    staged = Import(
        kind=upload.kind,
        file_name=clean(upload.name.replace("\x00", ""))[:200] or "berkas",
        headings=[clean(heading)[:200] for heading in sheet.headings],
        heading_key=key,
        columns=remembered or guess(upload.kind, sheet.headings),
        layout="remembered" if remembered else "guessed",
        marketing_id=upload.marketing_id,
        state=ImportState.DRAFT,
        made_by_id=principal.user_id,
        made_by_name=principal.name,
        made_at=now,
        acting_id=principal.user_id,
        acting_name=principal.name,
        acting_role=principal.role,
    )
    session.add(staged)
    await session.flush()
    session.add_all(_rows(staged.id, sheet))
    await session.flush()
    await check(session, staged)
    _record(session, "uploaded", staged, after=staged.facts())
    return staged


async def match_columns(
    session: Session, import_id: UUID, columns: Mapping[str, int], marketing_id: UUID | None
) -> Import:
    """Say which column is which, and whose new customers are; then look again.

    Raises:
        ColumnsNotValid: a field or place does not exist, or a column was named twice.
    """
    staged = await _draft(session, import_id)
    check_columns(staged.kind, columns, len(staged.headings))
    if marketing_id is not None:
        await users.get_marketing(session, marketing_id)
    before = staged.facts()
    staged.columns, staged.layout = dict(columns), "named"
    staged.marketing_id = marketing_id
    await _look_again(session, staged)
    _record(session, "matched", staged, before=before, after=staged.facts())
    return staged


async def mend_row(
    session: Session, import_id: UUID, row_no: int, texts: Mapping[str, str]
) -> Import:
    """Type over cells of a row, in the import only; then look again.

    Raises:
        RowNotFound: the import has no such row.
        ColumnsNotValid: a field does not exist.
    """
    staged = await _draft(session, import_id)
    row = await imports.get_row(session, import_id, row_no)
    if not set(texts) <= {field.key for field in FIELDS[staged.kind]}:
        raise ColumnsNotValid(reason="ada isian yang tidak dikenal.", field="texts")
    typed = {key: clean(text)[:CELL_LENGTH_MAX] for key, text in texts.items()}
    before, row.edits = dict(row.edits), {**row.edits, **typed}
    row.state = RowState.WAITING
    await _look_again(session, staged)
    mended = {"row_no": row_no}
    _record(session, "mended", staged, before=mended | before, after=mended | dict(row.edits))
    return staged


async def look_again(session: Session, import_id: UUID) -> Import:
    """Compare every row with what is known now."""
    staged = await _draft(session, import_id)
    await _look_again(session, staged)
    return staged


async def run(session: Session, import_id: UUID, *, whole: bool) -> Import:
    """Let the import be written, once however often it is asked (I).

    Args:
        whole: all rows or none; otherwise rows that are rejected are left out.

    Raises:
        NothingToImport: no row is new or changed.
        RowsRejected: ``whole``, and some rows cannot be taken.
    """
    staged = await imports.get(session, import_id, lock=True)
    if staged.state in {ImportState.RUNNING, ImportState.DONE}:
        return staged
    counted = (await imports.counts(session, [staged.id]))[staged.id]
    by_verdict = dict.fromkeys(Verdict, 0)
    for (verdict, _), number in counted.items():
        by_verdict[verdict] += number
    if not by_verdict[Verdict.NEW] + by_verdict[Verdict.CHANGED]:
        raise NothingToImport
    if whole and by_verdict[Verdict.REJECTED]:
        raise RowsRejected(count=by_verdict[Verdict.REJECTED])
    stamps = _acting(session) | {"whole": whole, "note": "", "started_at": session.clock.now()}
    await imports.move_to(session, staged, ImportState.RUNNING, **stamps)
    rows = by_verdict[Verdict.NEW] + by_verdict[Verdict.CHANGED]
    _record(session, "started", staged, after=staged.facts() | {"rows": rows})
    return staged


async def undo(session: Session, import_id: UUID) -> Import:
    """Let an import be taken back, while nothing depends on what it brought.

    Raises:
        NothingToTakeBack: it wrote nothing, or so long ago that its rows are gone.
        ImportInUse: something does; nothing is taken back.
    """
    staged = await imports.get(session, import_id, lock=True)
    if staged.state in {ImportState.UNDOING, ImportState.UNDONE}:
        return staged
    counted = (await imports.counts(session, [staged.id]))[staged.id]
    if not any(state is RowState.WRITTEN for _, state in counted):
        raise NothingToTakeBack
    await refuse_if_used(session, staged)
    stamps = _acting(session) | {"note": "", "started_at": session.clock.now()}
    await imports.move_to(session, staged, ImportState.UNDOING, **stamps)
    _record(session, "retracted", staged, after=staged.facts())
    return staged


async def refuse_if_used(session: Session, staged: Import) -> None:
    """See that nothing depends on what an import brought.

    Raises:
        ImportInUse: something does.
    """
    used = await KINDS[staged.kind].used(session, staged.id)
    if used:
        names = ", ".join(list(used.values())[:_NAMES_TOLD])
        raise ImportInUse(count=len(used), names=names)


async def _draft(session: Session, import_id: UUID) -> Import:
    staged = await imports.get(session, import_id, lock=True)
    if staged.state is not ImportState.DRAFT:
        raise InvalidTransition(current="dijalankan", target="diperiksa")
    return staged


async def _look_again(session: Session, staged: Import) -> None:
    staged.note = ""
    staged.version += 1
    await session.flush()
    await check(session, staged)


def _acting(session: Session) -> Facts:
    principal = session.principal
    return {
        "acting_id": principal.user_id,
        "acting_name": principal.name,
        "acting_role": principal.role,
    }


def _read(upload: Upload) -> Sheet:
    try:
        return read(upload.content, known_headings(upload.kind))
    except Unreadable as unreadable:
        where = f"Baris {unreadable.line_no}: " if unreadable.line_no else ""
        raise SheetRefused(reason=f"{where}{unreadable}", field="file") from unreadable


def _rows(import_id: UUID, sheet: Sheet) -> list[ImportRow]:
    return [
        ImportRow(
            import_id=import_id,
            row_no=line.no,
            cells=[cell.replace("\x00", "") for cell in line.cells],
            edits={},
            verdict=Verdict.SAME,
            fields={},
            faults=[],
            changes={},
            state=RowState.WAITING,
        )
        for line in sheet.lines
    ]


def _record(session: Session, act: str, staged: Import, **facts: Any) -> None:
    audit.record(
        session,
        action=f"import.{act}",
        object_type="import",
        object_id=staged.id,
        **facts,
    )
