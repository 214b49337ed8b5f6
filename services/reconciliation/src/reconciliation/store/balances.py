"""Queries of what the bank prints and the ledger holds at the bank, day by day (ADR-0031)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import text

from reconciliation.domain.balance import DayBalance, Group, balance_of, day_balance
from reconciliation.domain.certificate import Balance
from reconciliation.domain.continuity import covers
from reconciliation.domain.passbook import DAY, Hold, Passbook
from reconciliation.store.bank_groups import Period, groups_of
from reconciliation.store.lines import compared_periods
from reconciliation.store.statements import known_accounts
from shared.clock import business_day
from shared.database import Session
from shared.verification import Difference

_STATEMENTS = text("""
    SELECT account, opens_on, closes_on, opening_idr, imported_at FROM bank_statements
    WHERE account = ANY (:accounts) ORDER BY imported_at, id
""")
_MOVED = text("""
    SELECT account, day, sum(amount_idr)::bigint FROM bank_lines
    WHERE account = ANY (:accounts) AND day BETWEEN :first AND :last GROUP BY 1, 2
""")
_LEDGER = text("""
    WITH closed AS (
        SELECT day, (facts::json -> 'accounts' -> 'bank:bni' ->> 'balance_idr')::bigint AS held_idr
        FROM certificates WHERE day <= :day ORDER BY day DESC LIMIT 1
    )
    SELECT coalesce((SELECT held_idr FROM closed), 0) + coalesce((
        SELECT sum(amount_idr) FROM bank_movements WHERE booked_on <= :day
            AND booked_on > coalesce((SELECT day FROM closed), '-infinity')
    ), 0)::bigint
""")
_SETTLED = text("""
    SELECT (e.facts ->> 'day')::date, (e.facts ->> 'unexplained_idr')::bigint
    FROM exceptions e JOIN resolutions r ON r.exception_id = e.id AND r.state = 'done'
    WHERE e.kind = 'balance_differs'
""")


async def _days_of(session: Session, book: Passbook, period: Period) -> list[DayBalance]:
    """Compare every covered day of a period with what was booked on it."""
    first, last = period
    every = (first + DAY * n for n in range((last - first).days + 1))
    covered = [day for day in every if book.covers(day)]
    if not covered:
        return []
    settled = {day: int(idr) for day, idr in await session.execute(_SETTLED)}
    groups: dict[date, list[Group]] = {}
    for each in await groups_of(session, book.accounts, (covered[0], covered[-1])):
        groups.setdefault(each.day, []).append(each)
    periods = await compared_periods(session) if groups else []

    def is_covered(since: date, until: date) -> bool:
        return covers(periods, since, until)

    return [
        day_balance(
            book,
            day,
            groups.get(day, ()),
            is_covered=is_covered,
            settled_idr=settled.get(day, 0),
        )
        for day in covered
    ]


async def balance_between(
    session: Session, accounts: Sequence[str], period: Period
) -> Balance | None:
    """Compare the balances at the end of a period, and tell what its days did to them.

    Days before a gap do not count. None where statements do not hold the last day whole.
    """
    first, last = period
    holds = await _holds(session, accounts)
    if not holds.covers(last):
        return None
    since = holds.since(last)
    own = max(first, since), last
    book = await _with_lines(session, holds, own)
    days = await _days_of(session, book, own)
    before, after = await _ledger_at(session, since - DAY), await _ledger_at(session, last)
    return balance_of(book, days, (before, after))


async def days_between(
    session: Session, accounts: Sequence[str], period: Period
) -> list[DayBalance]:
    """Compare every covered day of a period, each by itself."""
    book = await _with_lines(session, await _holds(session, accounts), period)
    return await _days_of(session, book, period)


async def balance_differences(session: Session) -> list[Difference]:
    """Give every covered day whose movement at the bank nothing explains (R3, M11)."""
    accounts = await known_accounts(session)
    holds = (await _holds(session, accounts)).holds
    if not holds:
        return []
    period = min(each.opens_on for each in holds), max(each.holds_until for each in holds)
    return [
        Difference(
            "R3",
            f"gerakan saldo bank {each.day}",
            each.booked_idr + each.unexplained_idr,
            each.booked_idr,
        )
        for each in await days_between(session, accounts, period)
        if each.unexplained_idr
    ]


async def _with_lines(session: Session, book: Passbook, period: Period) -> Passbook:
    """Add the lines that the balances of a period need."""
    first, last = book.reaches(*period), period[1]
    given = {"accounts": list(book.accounts), "first": first, "last": last}
    moved = {(name, day): idr for name, day, idr in await session.execute(_MOVED, given)}
    return replace(book, moved=moved)


async def _holds(session: Session, accounts: Sequence[str]) -> Passbook:
    found = await session.execute(_STATEMENTS, {"accounts": list(accounts)})
    return Passbook(tuple(accounts), [_hold(*row) for row in found])


def _hold(
    account: str, opens_on: date, closes_on: date, opening_idr: int, imported_at: datetime
) -> Hold:
    """A file that was imported on its own last day may still lack some of it."""
    grows = business_day(imported_at) <= closes_on
    return Hold(account, opens_on, closes_on - DAY if grows else closes_on, opening_idr)


async def _ledger_at(session: Session, day: date) -> int:
    """Give what the ledger holds at the bank at the end of a day; a closed day is certified."""
    return int((await session.execute(_LEDGER, {"day": day})).scalar_one())
