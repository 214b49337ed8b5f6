"""Queries on the lists that people keep: a person's own, and those an Admin shares."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dashboard.models import SavedView
from shared.database import Session


async def of_list(session: Session, list_key: str) -> Sequence[SavedView]:
    """List what the reader has above a list: his own and what is for everybody, by name."""
    return (
        await session.exec(
            select(SavedView)
            .where(SavedView.list_key == list_key, _seen(session))
            .order_by(col(SavedView.shared).desc(), col(SavedView.name), col(SavedView.id))
        )
    ).all()


async def find(session: Session, view_id: UUID) -> SavedView | None:
    """Find one that the reader may see."""
    query = select(SavedView).where(SavedView.id == view_id, _seen(session))
    return (await session.exec(query)).first()


async def find_own(
    session: Session, view_id: UUID, *, shares: bool, others: bool = False
) -> SavedView | None:
    """Find one of the reader's own, for a change.

    Args:
        shares: what is for everybody is his to change; without it only what is for himself.
        others: with ``shares``, what somebody else shared as well.
    """
    own = col(SavedView.owner_id) == session.principal.user_id
    for_all = col(SavedView.shared).is_(True)
    his = or_(own, for_all) if others else own
    allowed = his if shares else and_(own, ~for_all)
    query = select(SavedView).where(SavedView.id == view_id, allowed)
    return (await session.exec(query.with_for_update())).first()


async def named(session: Session, list_key: str, name: str) -> SavedView | None:
    """Find one of the reader's own by its name."""
    query = select(SavedView).where(
        SavedView.owner_id == session.principal.user_id,
        SavedView.list_key == list_key,
        SavedView.name == name,
    )
    return (await session.exec(query)).first()


async def put(session: Session, view: SavedView) -> SavedView:
    """Keep a view; one of the same name takes its address, also one that came just now (K1)."""
    values = view.model_dump()
    new = {"query": view.query, "shared": view.shared}
    keys = ["owner_id", "list_key", "name"]
    statement = (
        insert(SavedView)
        .values(**values)
        .on_conflict_do_update(index_elements=keys, set_=new)
        .returning(SavedView)
        .execution_options(populate_existing=True)
    )
    return (await session.execute(statement)).scalar_one()


async def count_own(session: Session, list_key: str) -> int:
    """Count the reader's own above a list."""
    query = select(func.count()).where(
        SavedView.owner_id == session.principal.user_id, SavedView.list_key == list_key
    )
    return (await session.exec(query)).one()


def _seen(session: Session) -> ColumnElement[bool]:
    return or_(
        col(SavedView.shared).is_(True), col(SavedView.owner_id) == session.principal.user_id
    )
