"""Queries of what the bank itself says."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.models import BankTotal
from shared.database import Session
from shared.money import Rupiah

SETTLED = timedelta(hours=1)
"""After this the bank-gateway has recorded by itself what no callback told of (ADR-0014)."""


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


async def settled_at(session: Session, number: str) -> Rupiah:
    """Add up what the bank had taken in at a number, where nothing is under way any more."""
    paid = func.coalesce(func.sum(BankTotal.bank_paid_idr), 0)
    query = select(paid).where(
        BankTotal.virtual_account == number,
        col(BankTotal.last_paid_at) <= BankTotal.asked_at - SETTLED,
    )
    return Rupiah(int((await session.exec(query)).one()))
