"""Queries of lines that wait to be compared with the books."""

from __future__ import annotations

from sqlalchemy import exists
from sqlmodel import col, select

from reconciliation.models import BankLine, BankStatement, Sighting, StatementComparison
from shared.database import Session

CHANNEL = "reconciliation_statements"


async def next_statement(session: Session) -> BankStatement | None:
    """Give the oldest statement that has not been compared in full."""
    done = exists().where(col(StatementComparison.statement_id) == BankStatement.id)
    query = select(BankStatement).where(~done)
    query = query.order_by(col(BankStatement.imported_at), col(BankStatement.id)).limit(1)
    return (await session.exec(query)).first()


async def is_compared(session: Session, statement: BankStatement) -> bool:
    return await session.get(StatementComparison, statement.id) is not None


async def unseen(session: Session, statement: BankStatement, limit: int) -> list[BankLine]:
    """Give lines that this statement brought and that were not seen yet, in their order."""
    seen = exists().where(
        col(Sighting.subject_id) == BankLine.id, col(Sighting.source) == "statement"
    )
    query = select(BankLine).where(BankLine.statement_id == statement.id, ~seen)
    query = query.order_by(col(BankLine.line_no), col(BankLine.id)).limit(limit)
    return list((await session.exec(query)).all())
