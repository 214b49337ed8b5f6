"""What happens at night by itself: the day before is closed, then all books are checked."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from reconciliation.domain.certificate import CLOSES_AT, sum_unexplained
from reconciliation.handlers.closes import close_due_day
from reconciliation.metrics import UNEXPLAINED, UNEXPLAINED_COUNT, VERIFY_DIFFERENCES
from reconciliation.models import BookCheck
from reconciliation.store import book_checks, closes
from reconciliation.store.verification import BOOKS, count_entries
from shared.clock import WIB, start_of_day
from shared.database import Session, Sessions
from shared.loop import SAFETY_NET
from shared.principal import Principal
from shared.verification import differences

_FROM_MIDNIGHT = timedelta(hours=CLOSES_AT.hour, minutes=CLOSES_AT.minute)


@dataclass(frozen=True)
class Nightly:
    """The two loops of the night.

    Attributes:
        closes: whether days are closed by themselves; off, a person closes them.
        accounts: our bank accounts, whose statements a certificate expects.
    """

    sessions: Sessions
    closes: bool = True
    accounts: tuple[str, ...] = ()

    @property
    def _principal(self) -> Principal:
        return Principal.system("reconciliation")

    async def close_step(self) -> timedelta | None:
        """Close one day that is due; tell when to come again."""
        async with self.sessions.begin(self._principal) as session:
            made = await close_due_day(session, self.accounts) if self.closes else None
            found = await closes.open_exceptions(session, session.clock.now())
        open_now = sum_unexplained(found)
        UNEXPLAINED.set(open_now.amount_idr)
        UNEXPLAINED_COUNT.set(open_now.count)
        return SAFETY_NET if made is None else timedelta()

    async def check_step(self) -> timedelta | None:
        """Check all books when somebody asked, and once every night."""
        async with self.sessions.begin(self._principal) as session:
            wanted = await book_checks.take(session) or await self._tonight(session)
            if wanted is not None:
                await self._run(wanted, session)
            last = await book_checks.last_finished(session)
        if last is not None and last.differences is not None:
            VERIFY_DIFFERENCES.set(last.differences)
        return SAFETY_NET

    async def _tonight(self, session: Session) -> BookCheck | None:
        if await closes.first_booked_day(session) is None:
            return None
        (last,) = await book_checks.newest(session) or (None,)
        if last is not None and last.asked_at >= last_night(session.clock.now()):
            return None
        return await book_checks.ask(session)

    async def _run(self, check: BookCheck, session: Session) -> None:
        begun = time.monotonic()
        found = await differences(self.sessions, self._principal, BOOKS)
        check.entries = await count_entries(session)
        check.milliseconds = round((time.monotonic() - begun) * 1000)
        check.differences = len(found)
        check.told = "\n".join(map(str, found))
        check.finished_at = session.clock.now()
        session.add(check)


def last_night(now: datetime) -> datetime:
    """Give the last instant at which it was 02.00 WIB."""
    tonight = start_of_day(now.astimezone(WIB).date()) + _FROM_MIDNIGHT
    return tonight if now >= tonight else tonight - timedelta(days=1)
