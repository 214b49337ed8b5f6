"""Queries of lines that wait to be compared with the books."""

from __future__ import annotations

from datetime import date

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


async def compared_periods(session: Session) -> list[tuple[date, date]]:
    """Give the periods of the statements that may show payments to accounts and were compared.

    While several bank accounts are known, only those count on which such a payment was ever seen.
    """
    done = exists().where(col(StatementComparison.statement_id) == BankStatement.id)
    compared = (await session.exec(select(BankStatement).where(done))).all()
    accounts = {each.account for each in compared}
    if len(accounts) > 1:
        accounts = {each for each in accounts if await _shows_accounts(session, each)}
    return [(each.opens_on, each.closes_on) for each in compared if each.account in accounts]


async def _shows_accounts(session: Session, account: str) -> bool:
    query = (
        select(BankLine.id)
        .join(Sighting, col(Sighting.subject_id) == BankLine.id)
        .where(BankLine.account == account, Sighting.virtual_account != "")
        .limit(1)
    )
    return (await session.exec(query)).first() is not None


async def unseen(session: Session, statement: BankStatement, limit: int) -> list[BankLine]:
    """Give lines that this statement brought and that were not seen yet, in their order."""
    seen = exists().where(
        col(Sighting.subject_id) == BankLine.id, col(Sighting.source) == "statement"
    )
    query = select(BankLine).where(BankLine.statement_id == statement.id, ~seen)
    query = query.order_by(col(BankLine.line_no), col(BankLine.id)).limit(limit)
    return list((await session.exec(query)).all())
