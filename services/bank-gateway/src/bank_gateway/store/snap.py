"""Queries on the answers that the bank may ask for again."""

from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import delete, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from bank_gateway.models import SnapAnswer
from shared.database import Session


class Key(NamedTuple):
    """What is unique about a request: the partner, his day, his number (C10)."""

    partner_id: str
    day: date
    external_id: str


async def answer(session: Session, key: Key) -> SnapAnswer | None:
    return await session.get(SnapAnswer, tuple(key))


async def keep(session: Session, given: SnapAnswer) -> bool:
    """Keep an answer; False when the number was answered meanwhile.

    Waits for a transaction that is answering the same number.
    """
    claim = insert(SnapAnswer).values(given.model_dump()).on_conflict_do_nothing()
    claimed = await session.execute(claim.returning(col(SnapAnswer.external_id)))
    return claimed.first() is not None


async def forget_before(session: Session, moment: datetime, limit: int) -> int:
    """Delete a batch of answers older than a moment; give how many."""
    key = (col(SnapAnswer.partner_id), col(SnapAnswer.day), col(SnapAnswer.external_id))
    old = select(*key).where(col(SnapAnswer.answered_at) < moment).limit(limit)
    gone = delete(SnapAnswer).where(tuple_(*key).in_(old)).returning(col(SnapAnswer.external_id))
    return len((await session.execute(gone)).all())
