"""Comparing statements with the books in the background: woken by each import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reconciliation.handlers.balances import follow_statement
from reconciliation.handlers.comparing import compare_next
from reconciliation.handlers.lines import FeeRule
from shared.database import Sessions
from shared.principal import Principal


@dataclass(frozen=True)
class Comparing:
    """The loop that takes lines of statements into the books, some at a time.

    Attributes:
        accounts: our bank accounts, whose balances are compared together.
    """

    sessions: Sessions
    fees: FeeRule
    apply_credit: bool
    accounts: tuple[str, ...] = ()

    async def step(self) -> timedelta | None:
        """Take some lines; tell when to come again.

        Balances are compared in a transaction of their own, which holds nothing of the books.
        """
        principal = Principal.system("reconciliation")
        async with self.sessions.begin(principal) as session:
            taken = await compare_next(session, self.fees, apply_credit=self.apply_credit)
        if taken is None:
            return None
        async with self.sessions.begin(principal) as session:
            await follow_statement(session, self.accounts, taken)
        return timedelta()
