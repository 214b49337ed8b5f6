"""Queries about the rules of writing to customers."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from notification.domain.ladder import Rules
from notification.models import MessageRules
from shared.database import Session

_KEPT = "message_rules"


async def versions(session: Session) -> list[MessageRules]:
    """Read everything that ever held, the newest first."""
    query = select(MessageRules).order_by(col(MessageRules.version).desc())
    return list((await session.exec(query)).all())


async def current(session: Session) -> Rules:
    """Read the rules that hold, once per transaction; the built-in ones while nobody chose."""
    if _KEPT not in session.info:
        query = select(MessageRules).order_by(col(MessageRules.version).desc()).limit(1)
        newest = (await session.exec(query)).first()
        session.info[_KEPT] = newest.rules if newest else Rules()
    rules: Rules = session.info[_KEPT]
    return rules


async def add(session: Session, rules: MessageRules) -> bool:
    """Write the next version; False when somebody else has just written it (K4)."""
    row = insert(MessageRules).values(**rules.model_dump()).on_conflict_do_nothing()
    written = await session.execute(row.returning(col(MessageRules.version)))
    session.info.pop(_KEPT, None)
    return written.first() is not None
