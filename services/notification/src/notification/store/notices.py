"""Queries about the bell."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.models import Notice, NoticeRead
from shared.database import Session
from shared.paging import Found, ListQuery, newest_first
from shared.principal import Principal


class NoticeQuery(ListQuery):
    """The filters of the bell."""

    unread: bool | None = None


async def add_once(session: Session, notice: Notice) -> None:
    """Tell somebody something, unless he was told before (E1)."""
    first = insert(Notice).values(**notice.model_dump())
    await session.execute(first.on_conflict_do_nothing())


async def find(session: Session, wanted: NoticeQuery) -> Found[Notice]:
    """List what the caller is told, newest first."""
    query = select(Notice).where(_for(session.principal))
    if wanted.unread is not None:
        seen = _seen(session.principal)
        query = query.where(~seen if wanted.unread else seen)
    if wanted.search:
        query = query.where(col(Notice.text).icontains(wanted.search, autoescape=True))
    return await newest_first(session, query, Notice.id, wanted)


async def exists(session: Session, notice_id: UUID) -> bool:
    """Tell whether the caller is told this."""
    query = select(Notice.id).where(_for(session.principal), Notice.id == notice_id)
    return (await session.exec(query)).first() is not None


async def count_unread(session: Session) -> int:
    """Count what the caller has not seen."""
    principal = session.principal
    query = select(func.count()).where(_for(principal), ~_seen(principal))
    return (await session.exec(query)).one()


async def seen_of(session: Session, ids: Collection[UUID]) -> set[UUID]:
    """Tell which of these the caller has seen."""
    query = select(NoticeRead.notice_id).where(
        NoticeRead.user_id == session.principal.user_id, col(NoticeRead.notice_id).in_(ids)
    )
    return set((await session.exec(query)).all())


async def mark_seen(session: Session, up_to: UUID | None) -> None:
    """Mark what the caller is told as seen, all of it or up to one notice.

    What commits meanwhile stays unread, because it is not among the rows of this statement.
    """
    principal = session.principal
    unseen: Any = select(
        literal(principal.user_id), col(Notice.id), literal(session.clock.now())
    ).where(_for(principal), ~_seen(principal))
    if up_to is not None:
        unseen = unseen.where(col(Notice.id) <= up_to)
    rows = insert(NoticeRead).from_select(["user_id", "notice_id", "read_at"], unseen)
    await session.execute(rows.on_conflict_do_nothing())


async def settle(session: Session, matter_id: UUID, but_of: UUID | None) -> None:
    """Mark what was asked about a matter as seen by everybody but one."""
    asked: Any = select(col(Notice.user_id), col(Notice.id), literal(session.clock.now())).where(
        Notice.matter_id == matter_id, col(Notice.user_id).is_distinct_from(but_of)
    )
    rows = insert(NoticeRead).from_select(["user_id", "notice_id", "read_at"], asked)
    await session.execute(rows.on_conflict_do_nothing())


def _for(principal: Principal) -> ColumnElement[bool]:
    own = col(Notice.user_id) == principal.user_id
    return own if principal.marketing_id else or_(own, col(Notice.user_id).is_(None))


def _seen(principal: Principal) -> ColumnElement[bool]:
    mine = and_(
        col(NoticeRead.notice_id) == Notice.id, col(NoticeRead.user_id) == principal.user_id
    )
    return select(NoticeRead.notice_id).where(mine).exists()
