"""Queries of bank statements, their lines and layouts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from reconciliation.domain.statement import Line, LineKey, Statement
from reconciliation.models import BankLine, BankStatement, StatementLayout
from shared.database import Session
from shared.errors import NotFound
from shared.ids import new_id
from shared.paging import InstantKey

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('lunas.statement ' || :account, 0))")
_CHUNK = 1_000


class StatementNotFound(NotFound):
    """No such statement, or not for the reader."""

    detail = "Mutasi rekening tidak ditemukan."


async def lock_account(session: Session, account: str) -> None:
    """Let one import of an account run at a time."""
    await session.execute(_LOCK, {"account": account})


async def known_accounts(session: Session) -> list[str]:
    query = select(BankStatement.account).distinct().order_by(BankStatement.account)
    return list((await session.exec(query)).all())


async def get_statement(session: Session, statement_id: UUID) -> BankStatement:
    """Load a statement.

    Raises:
        StatementNotFound: not there, or not for the reader.
    """
    found = await session.get(BankStatement, statement_id)
    if found is None:
        raise StatementNotFound
    return found


async def find_file(session: Session, account: str, file_hash: str) -> BankStatement | None:
    """Find the import of the very same file."""
    query = select(BankStatement).where(
        BankStatement.account == account, BankStatement.file_hash == file_hash
    )
    return (await session.exec(query)).first()


async def known_keys(session: Session, statement: Statement) -> set[LineKey]:
    """Give the keys of all lines that imports brought of the period of a statement."""
    query = select(BankLine.fingerprint, BankLine.ordinal).where(
        BankLine.account == statement.account,
        col(BankLine.day).between(statement.opens_on, statement.closes_on),
    )
    return {(fingerprint, ordinal) for fingerprint, ordinal in await session.exec(query)}


async def first_of(session: Session, account: str, keys: Collection[LineKey]) -> BankLine:
    """Give the earliest of some known lines."""
    named = tuple_(col(BankLine.fingerprint), col(BankLine.ordinal)).in_(list(keys)[:_CHUNK])
    query = select(BankLine).where(BankLine.account == account, named)
    query = query.order_by(col(BankLine.day), col(BankLine.line_no), col(BankLine.id)).limit(1)
    return (await session.exec(query)).one()


async def add_lines(session: Session, statement: BankStatement, lines: Sequence[Line]) -> None:
    """Keep new lines; the database refuses one that is known after all (K1)."""
    rows = [_row(statement, line) for line in lines]
    for start in range(0, len(rows), _CHUNK):
        await session.execute(insert(BankLine).values(rows[start : start + _CHUNK]))


async def sum_between(session: Session, account: str, first: date, last: date) -> int:
    """Add up every known line of a period."""
    query = select(func.coalesce(func.sum(BankLine.amount_idr), 0)).where(
        BankLine.account == account, col(BankLine.day).between(first, last)
    )
    return int((await session.execute(query)).scalar_one())


async def statements_of(session: Session, account: str) -> list[BankStatement]:
    """Give the statements of an account in the order of their periods."""
    query = (
        select(BankStatement)
        .where(BankStatement.account == account)
        .order_by(col(BankStatement.closes_on), col(BankStatement.opens_on))
    )
    return list((await session.exec(query)).all())


async def balance_before(session: Session, account: str, day: date) -> int | None:
    """Give the balance at the start of a day by what is known before it; None without anything."""
    query = (
        select(BankStatement)
        .where(BankStatement.account == account, col(BankStatement.opens_on) <= day)
        .order_by(col(BankStatement.opens_on).desc(), col(BankStatement.id).desc())
        .limit(1)
    )
    last = (await session.exec(query)).first()
    if last is None:
        return None
    moved = await sum_between(session, account, last.opens_on, day - timedelta(days=1))
    return last.opening_idr + moved


async def list_statements(
    session: Session, account: str | None, search: str, after: InstantKey | None, limit: int
) -> tuple[list[BankStatement], int]:
    """Give one page, newest first, and the count of the filter."""
    conditions: list[Any] = []
    if account:
        conditions.append(BankStatement.account == account)
    if search:
        conditions.append(col(BankStatement.file_name).icontains(search, autoescape=True))
    figures = select(func.count()).select_from(BankStatement).where(*conditions)
    count = (await session.execute(figures)).scalar_one()
    query = select(BankStatement).where(*conditions)
    place = tuple_(col(BankStatement.imported_at), col(BankStatement.id))
    if after is not None:
        query = query.where(place < after)
    query = query.order_by(
        col(BankStatement.imported_at).desc(), col(BankStatement.id).desc()
    ).limit(limit)
    return list((await session.exec(query)).all()), int(count)


async def lines_of(
    session: Session, statement: BankStatement, after_no: int, limit: int
) -> list[BankLine]:
    """Give lines that this statement brought first, in the order of the file."""
    query = (
        select(BankLine)
        .where(BankLine.statement_id == statement.id, BankLine.line_no > after_no)
        .order_by(col(BankLine.line_no))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def find_layout(session: Session, head: str) -> StatementLayout | None:
    return await session.get(StatementLayout, head)


async def remember_layout(session: Session, head: str, said: dict[str, Any]) -> None:
    """Keep what a person said about tables with this head, instead of what was kept."""
    facts = {
        **said,
        "remembered_at": session.clock.now(),
        "remembered_by": session.principal.name,
    }
    statement = insert(StatementLayout).values(head=head, **facts)
    await session.execute(statement.on_conflict_do_update(index_elements=["head"], set_=facts))


def _row(statement: BankStatement, line: Line) -> dict[str, Any]:
    return {
        "id": new_id(),
        "statement_id": statement.id,
        "account": statement.account,
        "line_no": line.no,
        "day": line.day,
        "value_day": line.value_day,
        "at": line.at,
        "amount_idr": line.amount.amount,
        "reference": line.reference,
        "description": line.description,
        "fingerprint": line.fingerprint,
        "ordinal": line.ordinal,
    }
