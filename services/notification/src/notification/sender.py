"""Sends what is due: lease, hand over, settle. No transaction is open while it is handed over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from notification.domain.ladder import Channel
from notification.domain.message import Letterhead
from notification.domain.outgoing import Carrier, Outcome, Result
from notification.handlers import sending
from notification.handlers.sending import Sending
from notification.store import outgoing
from shared.database import Sessions
from shared.principal import Principal

_NOT_READY = Outcome(Result.LATER, trouble="Saluran ini belum disiapkan")


@dataclass(frozen=True)
class Sender:
    """One of several senders on the same queue.

    A sender that dies between handing over and settling leaves a lease behind: when it runs out
    the message's outcome is unknown. It is never sent again by itself.
    """

    sessions: Sessions
    principal: Principal
    letterhead: Letterhead
    carriers: Mapping[Channel, Carrier]
    chance: Random

    async def step(self) -> timedelta | None:
        """Send one message; tell when to come again."""
        async with self.sessions.begin(self.principal) as session:
            await sending.give_up_lost(session)
        async with self.sessions.begin(self.principal) as session:
            work = await sending.prepare(session, self.letterhead)
        if isinstance(work, Sending):
            outcome = await self._hand_over(work)
            async with self.sessions.begin(self.principal) as session:
                await sending.settle(session, work, outcome, self.chance)
        if work:
            return timedelta()
        async with self.sessions.begin(self.principal) as session:
            next_at = await outgoing.next_due_at(session)
            now = session.clock.now()
        return None if next_at is None else max(next_at - now, timedelta(seconds=1))

    async def _hand_over(self, work: Sending) -> Outcome:
        carrier = self.carriers.get(work.channel)
        return await carrier.send(work.parcel) if carrier else _NOT_READY
