"""Keeping copies of others' aggregates: the newest version wins, whatever comes first (E5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Table as SqlTable
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import select

from reporting.models import Allocation, Disposal, PlanLine, Table
from shared.database import Session

Values = dict[str, Any]
Row = TypeVar("Row", bound=Table)


async def keep(session: Session, model: type[Table], values: Values) -> bool:
    """Store one aggregate's state; False when an equal or newer version is here already."""
    statement = insert(model).values(**values)
    newer = _columns(model).c.version < statement.excluded.version
    changed = {name: statement.excluded[name] for name in values if name != "id"}
    kept = statement.on_conflict_do_update(index_elements=["id"], set_=changed, where=newer)
    result = await session.execute(kept.returning(_columns(model).c.id))
    return result.scalar_one_or_none() is not None


async def lock(session: Session, model: type[Row], row_id: UUID) -> Row | None:
    """Read one copy as it was, before a newer state comes; nobody changes it meanwhile."""
    query = select(model).where(_columns(model).c.id == row_id).with_for_update()
    row = (await session.exec(query)).first()
    if row is not None:
        session.expunge(row)
    return row


async def replace_plan_lines(session: Session, rows: Sequence[Values]) -> None:
    """Store all lines of one plan; a plan only ever gains lines."""
    await _replace(session, PlanLine, ["plan_id", "no"], rows)


async def replace_allocations(session: Session, rows: Sequence[Values]) -> None:
    """Store all allocations of one payment; a reversed one stays, marked."""
    await _replace(session, Allocation, ["id"], rows)


async def replace_disposals(session: Session, rows: Sequence[Values]) -> None:
    """Store all that left of one payment; what was undone stays, marked."""
    await _replace(session, Disposal, ["id"], rows)


async def _replace(
    session: Session, model: type[Table], key: list[str], rows: Sequence[Values]
) -> None:
    if not rows:
        return
    statement = insert(model).values(list(rows))
    changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=changed))


def _columns(model: type[Table]) -> SqlTable:
    return cast(SqlTable, model.__table__)  # type: ignore[attr-defined]
