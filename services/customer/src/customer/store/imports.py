"""Queries about imports and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, text, update
from sqlmodel import col, select

from customer.domain.imports.life import (
    ImportKind,
    ImportNotFound,
    ImportState,
    RowNotFound,
    RowState,
    Verdict,
    move,
)
from customer.models import Import, ImportRow
from shared.database import Session
from shared.errors import InvalidTransition
from shared.paging import Found, ListQuery, newest_first

_AT_WORK = (ImportState.RUNNING, ImportState.UNDOING)
_ONE_WRITER = text("SELECT pg_advisory_xact_lock(hashtext('lunas.imports'))")


class ImportQuery(ListQuery):
    """The filters of the list of imports."""

    kind: ImportKind | None = None


async def get(session: Session, import_id: UUID, *, lock: bool = False) -> Import:
    """Read one import, for a change with ``lock``.

    Raises:
        ImportNotFound: there is none.
    """
    query = select(Import).where(Import.id == import_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = (await session.exec(query)).first()
    if found is None:
        raise ImportNotFound
    return found


async def find(session: Session, wanted: ImportQuery) -> Found[Import]:
    """List imports, newest first."""
    query = select(Import)
    if wanted.kind:
        query = query.where(Import.kind == wanted.kind)
    if wanted.search:
        query = query.where(col(Import.file_name).icontains(wanted.search, autoescape=True))
    return await newest_first(session, query, Import.id, wanted)


async def move_to(session: Session, staged: Import, target: ImportState, **stamps: Any) -> None:
    """Take a step, only from the state that was read (S).

    Raises:
        InvalidTransition: the step does not exist, or somebody took another one meanwhile.
    """
    current = staged.state
    values = {"state": move(current, target), "version": col(Import.version) + 1, **stamps}
    step = (
        update(Import)
        .where(col(Import.id) == staged.id, col(Import.state) == current)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if not cast(CursorResult[Any], await session.execute(step)).rowcount:
        raise InvalidTransition(current=str(current), target=str(target))
    await session.refresh(staged)


async def rows(session: Session, import_id: UUID) -> Sequence[ImportRow]:
    """Read all rows in the order of the file."""
    query = (
        select(ImportRow).where(ImportRow.import_id == import_id).order_by(col(ImportRow.row_no))
    )
    return (await session.exec(query)).all()


async def get_row(session: Session, import_id: UUID, row_no: int) -> ImportRow:
    """Read one row.

    Raises:
        RowNotFound: the import has none with this number.
    """
    row = await session.get(ImportRow, (import_id, row_no))
    if row is None:
        raise RowNotFound
    return row


async def some_rows(
    session: Session, import_id: UUID, verdict: Verdict | None, after: int, limit: int
) -> Sequence[ImportRow]:
    """Read a page of rows."""
    query = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.row_no > after)
    if verdict is not None:
        query = query.where(ImportRow.verdict == verdict)
    return (await session.exec(query.order_by(col(ImportRow.row_no)).limit(limit))).all()


async def troubled(session: Session, import_id: UUID) -> Sequence[ImportRow]:
    """Read the rows that are rejected, or failed when they were written."""
    query = (
        select(ImportRow)
        .where(ImportRow.import_id == import_id, col(ImportRow.faults) != [])
        .order_by(col(ImportRow.row_no))
    )
    return (await session.exec(query)).all()


async def to_do(session: Session, import_id: UUID, state: RowState, limit: int) -> list[ImportRow]:
    """Read rows of one state that have something to do, or to take back."""
    query = (
        select(ImportRow)
        .where(
            ImportRow.import_id == import_id,
            ImportRow.state == state,
            col(ImportRow.verdict).in_([Verdict.NEW, Verdict.CHANGED]),
        )
        .order_by(col(ImportRow.row_no))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def counts(
    session: Session, ids: Sequence[UUID]
) -> dict[UUID, dict[tuple[Verdict, RowState], int]]:
    """Count the rows of imports by what they would do and what became of them."""
    keys = (col(ImportRow.import_id), col(ImportRow.verdict), col(ImportRow.state))
    query = select(*keys, func.count()).where(keys[0].in_(ids)).group_by(*keys)
    found: dict[UUID, dict[tuple[Verdict, RowState], int]] = {each: {} for each in ids}
    for import_id, verdict, state, number in (await session.exec(query)).all():
        found[import_id][verdict, state] = number
    return found


async def remembered(session: Session, kind: ImportKind, heading_key: str) -> dict[str, int] | None:
    """Give the columns that a person named for the last file with these headings."""
    query = (
        select(Import)
        .where(Import.kind == kind, Import.heading_key == heading_key, Import.layout == "named")
        .order_by(col(Import.id).desc())
        .limit(1)
    )
    last = (await session.exec(query)).first()
    return None if last is None else last.columns


async def at_work(session: Session) -> Import | None:
    """Give the import whose turn it is: the oldest one that no other worker has."""
    query = (
        select(Import)
        .where(col(Import.state).in_(_AT_WORK))
        .order_by(col(Import.started_at), col(Import.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (await session.exec(query)).first()


async def claim(session: Session, import_id: UUID) -> Import | None:
    """Lock an import for a piece of its work; None when another worker has it, or ended it."""
    query = (
        select(Import)
        .where(Import.id == import_id, col(Import.state).in_(_AT_WORK))
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(query)).first()


async def write_alone(session: Session) -> None:
    """Let no other import write until the transaction ends: two could bring the same object."""
    await session.execute(_ONE_WRITER)


async def forget(session: Session, drafts_before: datetime, rows_before: datetime) -> None:
    """Delete drafts that nobody ran, and the rows of imports that ended long ago (P3)."""
    await session.execute(
        delete(Import).where(
            col(Import.state) == ImportState.DRAFT, col(Import.made_at) < drafts_before
        )
    )
    ended = select(Import.id).where(col(Import.finished_at) < rows_before)
    await session.execute(delete(ImportRow).where(col(ImportRow.import_id).in_(ended)))
