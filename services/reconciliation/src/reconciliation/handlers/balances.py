"""Asking a person where nothing explains how the bank's balance moved, until something does.

Follows what statements bring, in a transaction that holds nothing of the books (ADR-0031).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reconciliation.domain.balance import finding_of
from reconciliation.domain.certificate import Balance
from reconciliation.domain.exception import ExceptionKind
from reconciliation.domain.matching import WINDOW
from reconciliation.domain.passbook import DAY
from reconciliation.handlers.exceptions import EXPLAINED, close, open_exception
from reconciliation.models import BankStatement
from reconciliation.store import balances, exceptions, lines, statements
from reconciliation.store.bank_groups import Period
from shared.database import Session

KIND = ExceptionKind.BALANCE_DIFFERS


async def expected_accounts(session: Session, accounts: Sequence[str]) -> Sequence[str]:
    """Give the bank accounts that are expected; where none are set, those of any statement."""
    return accounts or await statements.known_accounts(session)


async def balance_of(
    session: Session, accounts: Sequence[str], statement: BankStatement
) -> Balance | None:
    """Compare balances at the end of the last day that a statement holds whole."""
    expected = await expected_accounts(session, accounts)
    period = statement.opens_on, statement.closes_on
    for last in (statement.closes_on, statement.closes_on - DAY):
        if last >= statement.opens_on:
            found = await balances.balance_between(session, expected, (period[0], last))
            if found is not None:
                return found
    return None


async def follow_statement(
    session: Session, accounts: Sequence[str], statement: BankStatement
) -> None:
    """Compare the days that a statement may have changed, once all its lines are compared.

    It may show payments of some days before, and it is what the day behind it has to open with.
    """
    if await lines.is_compared(session, statement):
        period = statement.opens_on - WINDOW, statement.closes_on + DAY
        await follow_balances(session, accounts, period)


async def follow_balances(session: Session, accounts: Sequence[str], period: Period) -> None:
    """Keep one open exception per day of a period that nothing explains; close those that are gone.

    Days that are open already are looked at again, whichever they are.
    """
    expected = await expected_accounts(session, accounts)
    compared = {each.day: each for each in await balances.days_between(session, expected, period)}
    known = {date.fromisoformat(each.key): each for each in await exceptions.open_of(session, KIND)}
    for day in known.keys() - compared.keys():
        compared |= {
            each.day: each for each in await balances.days_between(session, expected, (day, day))
        }
    for day, each in sorted(compared.items()):
        if each.unexplained_idr:
            await open_exception(session, finding_of(each))
        elif day in known:
            await close(session, known[day], EXPLAINED)
