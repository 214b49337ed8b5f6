"""Comparing a statement with the books: its lines are seen, then what it does not show."""

from __future__ import annotations

from reconciliation.domain.matching import WINDOW
from reconciliation.domain.outcome import Outcome
from reconciliation.handlers.counting import count_account
from reconciliation.handlers.lines import FeeRule, see_others, sighting_of
from reconciliation.handlers.sightings import lock
from reconciliation.models import BankLine, BankStatement, StatementComparison
from reconciliation.store import lines, outcomes, sightings, statements
from shared.database import Session

AT_ONCE = 100
"""How many lines, or accounts, one transaction takes: their customers stay locked meanwhile."""


async def compare_next(
    session: Session, fees: FeeRule, *, apply_credit: bool
) -> BankStatement | None:
    """Take some lines of the oldest statement that waits, and give it; None where none waits.

    When all its lines are seen, the accounts of payments that it should show are counted again.
    """
    statement = await lines.next_statement(session)
    if statement is None:
        return None
    await statements.lock_account(session, statement.account)
    if await lines.is_compared(session, statement):
        return statement
    waiting = await lines.unseen(session, statement, AT_ONCE)
    if waiting:
        await _see(session, waiting, fees, apply_credit=apply_credit)
    else:
        await _finish(session, statement, apply_credit=apply_credit)
    return statement


async def outcome_of(session: Session, statement: BankStatement) -> Outcome:
    """Tell what a statement did to the books so far."""
    return Outcome(
        await lines.is_compared(session, statement),
        await outcomes.fates(session, statement),
        await outcomes.open_matters(session, statement),
    )


async def _see(
    session: Session, waiting: list[BankLine], fees: FeeRule, *, apply_credit: bool
) -> None:
    found = [sighting_of(line, session) for line in waiting]
    numbers = sorted({each.virtual_account for each in found} - {""})
    await lock(session, numbers)
    for each in found:
        await sightings.add(session, each)
    for number in numbers:
        await count_account(session, number, apply_credit=apply_credit)
    others = {each.subject_id for each in found if not each.virtual_account}
    for line in waiting:
        if line.id in others:
            await see_others(session, line, fees)


async def _finish(session: Session, statement: BankStatement, *, apply_credit: bool) -> None:
    first, last = statement.opens_on - WINDOW, statement.closes_on
    numbers = await sightings.unshown_accounts(session, first, last)
    await lock(session, numbers)
    session.add(StatementComparison(statement_id=statement.id, compared_at=session.clock.now()))
    await session.flush()
    for number in numbers:
        await count_account(session, number, apply_credit=apply_credit)
