"""Recomputing the rules of money from raw rows (M11): what a service can say about its records.

A service has ``Books``: checks of its own rows, and claims, which are figures that others must
have too. Nobody reads another's database; who may reach all of them compares the claims.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import BigInteger, String, Subquery, TextClause, Uuid, column, text

from shared.database import Session, Sessions
from shared.money import Rupiah
from shared.principal import Principal

SHOWN = 20
"""How many differences of one check are told at most."""

_ROOM = text("SELECT set_config('work_mem', '128MB', true)")
"""Memory for one pass per table instead of files on disk; for this transaction only."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the books do not say what the raw rows say."""

    rule: str
    subject: str
    expected_idr: int | None = None
    found_idr: int | None = None

    def __str__(self) -> str:
        if self.expected_idr is None or self.found_idr is None:
            return f"{self.rule}: {self.subject}"
        expected, found = Rupiah(self.expected_idr), Rupiah(self.found_idr)
        return f"{self.rule}: {self.subject}: seharusnya {expected}, tercatat {found}"


Find = Callable[[Session], Awaitable[list[Difference]]]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, as a sentence for people, and what finds the rows that break it.

    Attributes:
        then: what a person does about a difference.
    """

    rule: str
    says: str
    then: str
    find: Find


@dataclass(frozen=True, slots=True)
class Books:
    """What a service can be asked about its records.

    Attributes:
        claims: name -> query of ``key`` (uuid), ``name`` (for people) and ``amount_idr``.
    """

    checks: Sequence[Check] = ()
    claims: Mapping[str, str] = field(default_factory=dict)


def by_query(rule: str, says: str, then: str, query: str) -> Check:
    """Make a check of a query that gives subject, expected and found of each row that differs."""

    async def find(session: Session) -> list[Difference]:
        rows = await session.execute(literal(query))
        return [
            Difference(rule, subject, _whole(expected), _whole(actual))
            for subject, expected, actual in rows.fetchmany(SHOWN)
        ]

    return Check(rule, says, then, find)


def claim_rows(query: str) -> Subquery:
    """Give a claim's rows, to select from."""
    typed = literal(query).columns(
        column("key", Uuid()), column("name", String()), column("amount_idr", BigInteger())
    )
    return typed.subquery("claim")


@asynccontextmanager
async def one_moment(sessions: Sessions, principal: Principal) -> AsyncIterator[Session]:
    """Read everything as it was at one instant, with room to sort and group."""
    async with sessions.begin(principal) as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        await session.execute(_ROOM)
        yield session


async def differences(sessions: Sessions, principal: Principal, books: Books) -> list[Difference]:
    """Run every check of a service in one snapshot; none means that every rupiah is explained."""
    async with one_moment(sessions, principal) as session:
        return [found for check in books.checks for found in await check.find(session)]


def literal(query: str) -> TextClause:
    """Give a query without parameters: a colon in it is a colon."""
    return text(query.replace(":", "\\:"))


def _whole(value: Decimal | int | None) -> int | None:
    """Give the whole number that a sum is; the driver spells 25000000 as ``2.5E+7``."""
    return None if value is None else int(value)
