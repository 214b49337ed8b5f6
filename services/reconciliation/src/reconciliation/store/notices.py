"""Queries on messages of the bank that are not believed."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from reconciliation.models import Notice
from shared.database import Session


async def is_news(session: Session, notice_id: UUID, version: int) -> bool:
    """Keep a version if it is the newest, and tell whether it is; its row is locked (E5, K1)."""
    claim = insert(Notice).values(id=notice_id, version=version)
    newer = claim.on_conflict_do_update(
        index_elements=["id"],
        set_={"version": claim.excluded.version},
        where=col(Notice.version) < claim.excluded.version,
    ).returning(col(Notice.id))
    return (await session.execute(newer)).first() is not None
