"""Comparing statements with the books in the background: woken by each import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from reconciliation.handlers.comparing import compare_next
from reconciliation.handlers.lines import FeeRule
from shared.database import Sessions
from shared.principal import Principal


@dataclass(frozen=True)
class Comparing:
    """The loop that takes lines of statements into the books, some at a time."""

    sessions: Sessions
    fees: FeeRule
    apply_credit: bool

    async def step(self) -> timedelta | None:
        """Take some lines; tell when to come again."""
        async with self.sessions.begin(Principal.system("reconciliation")) as session:
            more = await compare_next(session, self.fees, apply_credit=self.apply_credit)
        return timedelta() if more else None
