"""Looks at bills whose time has come: lease, then one transaction for each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from notification.handlers import reminders as handlers
from notification.handlers.desk import Desk
from notification.store import reminders
from shared.database import Sessions
from shared.logs import logger
from shared.metrics import LOOP_FAILURES
from shared.principal import Principal

LEASE = timedelta(seconds=60)
"""Longer than a batch takes; a bill whose look fails is tried again after it."""
BATCH = 20


@dataclass(frozen=True)
class ReminderWorker:
    """One of several workers on the same bills."""

    sessions: Sessions
    principal: Principal
    desk: Desk

    async def step(self) -> timedelta | None:
        """Look at some bills; tell when to come again."""
        async with self.sessions.begin(self.principal) as session:
            leased = await reminders.lease(session, BATCH, LEASE)
            next_at = None if leased else await reminders.next_due_at(session)
            now = session.clock.now()
        for invoice_id in leased:
            await self._remind(invoice_id)
        if leased:
            return timedelta()
        return None if next_at is None else next_at - now

    async def _remind(self, invoice_id: UUID) -> None:
        """Look at one bill; one that cannot be looked at keeps no other waiting."""
        try:
            async with self.sessions.begin(self.principal) as session:
                await handlers.remind(session, self.desk, invoice_id)
        except Exception as error:  # the bill stays in its table and is tried again
            LOOP_FAILURES.labels("notification", "reminders").inc()
            log = logger("notification")
            log.warning("reminder failed", invoice_id=str(invoice_id), exc_info=error)
            async with self.sessions.begin(self.principal) as session:
                until = session.clock.now() + handlers.NOT_READY_PAUSE
                await reminders.put_off(session, invoice_id, until)
