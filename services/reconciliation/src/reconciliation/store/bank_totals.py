"""Queries of what the bank itself says."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.models import BankTotal
from shared.database import Session


async def keep(session: Session, total: BankTotal) -> None:
    """Keep what was asked last; an older answer changes nothing (E5)."""
    row = total.model_dump()
    statement = insert(BankTotal).values(row)
    newest = statement.on_conflict_do_update(
        index_elements=[col(BankTotal.trx_id)],
        set_={name: statement.excluded[name] for name in row if name != "trx_id"},
        where=col(BankTotal.asked_at) < statement.excluded.asked_at,
    )
    await session.execute(newest)


async def at_number(session: Session, number: str) -> list[BankTotal]:
    """Give what the bank had taken in at a number, by billing."""
    query = select(BankTotal).where(BankTotal.virtual_account == number)
    query = query.execution_options(populate_existing=True)
    return list((await session.exec(query.order_by(BankTotal.trx_id))).all())
