"""Queries on what people opened last; names come from the copies, in the reader's scope (A2)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from dashboard.models import Customer, Invoice, Recent
from shared.database import Session

KEPT = 20


async def note(session: Session, kind: str, object_id: UUID) -> None:
    """Put something at the top of the person's own list, which stays short."""
    user_id, now = session.principal.user_id, session.clock.now()
    entry = insert(Recent).values(user_id=user_id, kind=kind, object_id=object_id, at=now)
    keys = ["user_id", "kind", "object_id"]
    await session.execute(entry.on_conflict_do_update(index_elements=keys, set_={"at": now}))
    newest = (
        select(Recent.at)
        .where(Recent.user_id == user_id)
        .order_by(col(Recent.at).desc())
        .offset(KEPT - 1)
        .limit(1)
    ).scalar_subquery()
    await session.execute(
        delete(Recent).where(col(Recent.user_id) == user_id, col(Recent.at) < newest)
    )


async def latest(
    session: Session, most: int
) -> Sequence[tuple[Recent, Customer | None, Invoice | None]]:
    """Give the newest that the reader may still see."""
    query = (
        select(Recent, Customer, Invoice)
        .outerjoin(Customer, (col(Customer.id) == Recent.object_id) & (Recent.kind == "customer"))
        .outerjoin(Invoice, (col(Invoice.id) == Recent.object_id) & (Recent.kind == "invoice"))
        .where(Recent.user_id == session.principal.user_id)
        .order_by(col(Recent.at).desc())
        .limit(KEPT)
    )
    rows = (await session.exec(query)).all()
    return [(r, customer, bill) for r, customer, bill in rows if customer or bill][:most]
