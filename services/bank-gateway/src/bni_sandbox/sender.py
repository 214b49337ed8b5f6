"""Sends notifications to the client, over whichever protocol he agreed on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bni_sandbox.courier import Courier, Try
from bni_sandbox.domain.faults import Faults
from bni_sandbox.handlers.payment import LEASE
from bni_sandbox.knobs import PRINCIPAL, Knobs
from bni_sandbox.models import Delivery
from bni_sandbox.store import delivery as store
from shared.database import Session, Sessions

TIMEOUT_SECONDS = 30.0
_SOONEST = timedelta(seconds=0.05)


@dataclass(frozen=True, slots=True)
class Policy:
    """How notifications are sent.

    Attributes:
        pauses: before each repeat; after the last the bank gives up.
        at_once: how many are on their way at the same time.
    """

    pauses: Sequence[timedelta]
    at_once: int


class Sender:
    """Tries a notification until it is acknowledged, or six times; survives a restart."""

    def __init__(self, sessions: Sessions, courier: Courier, knobs: Knobs, policy: Policy) -> None:
        self._sessions = sessions
        self._courier = courier
        self._knobs = knobs
        self._policy = policy

    async def step(self) -> timedelta | None:
        """Send the notifications whose time has come; tell when to come again."""
        async with self._sessions.begin(PRINCIPAL) as session:
            deliveries = await store.lease(session, LEASE, self._policy.at_once)
            next_at = None if deliveries else await store.next_at(session)
        if deliveries:
            await self.send(deliveries)
            return timedelta()
        if next_at is None:
            return None
        return max(next_at - self._sessions.clock.now(), _SOONEST)

    async def send(self, deliveries: Sequence[Delivery]) -> None:
        """Make one try of each of these leased notifications and record how it went."""
        faults = await self._knobs.read()
        taken = await asyncio.gather(*(self._try(delivery, faults) for delivery in deliveries))
        async with self._sessions.begin(PRINCIPAL) as session:
            for delivery, success in zip(deliveries, taken, strict=True):
                self._record(delivery, success, session)
            if faults.reorder and any(taken):
                await session.flush()
                await store.release_held(session)

    async def _try(self, delivery: Delivery, faults: Faults) -> bool:
        tried = Try(
            payment_id=delivery.payment_id,
            members=delivery.members,
            repeated=delivery.repeated or delivery.attempts > 1,
            faults=faults,
            chance=self._knobs.chance,
            now=self._sessions.clock.now(),
        )
        carried = await self._courier.carry(tried)
        delivery.answer = carried.answer
        again = self._knobs.chance.strikes(faults.duplicate, "duplicate", tried.occasion)
        if carried.taken and again:
            delivery.answer = (await self._courier.carry(replace(tried, repeated=True))).answer
        return carried.taken

    def _record(self, delivery: Delivery, taken: bool, session: Session) -> None:
        """Write down how a try went; the lease makes sure that nobody else does."""
        session.add(delivery)
        now = session.clock.now()
        delivery.leased_until = None
        if taken:
            delivery.state, delivery.due_at, delivery.ended_at = store.DELIVERED, None, now
        elif delivery.attempts > len(self._policy.pauses):
            delivery.state, delivery.due_at, delivery.ended_at = store.FAILED, None, now
        else:
            delivery.due_at = now + self._policy.pauses[delivery.attempts - 1]
