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
SLOW_SECONDS = 0.25
"""Who answers later than that does not hold the others up."""

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
    """Tries a notification until it is acknowledged, or six times; survives a restart.

    A receiver that takes its time holds up one place of ``at_once``, not the notifications of
    others: the next ones leave meanwhile.
    """

    def __init__(self, sessions: Sessions, courier: Courier, knobs: Knobs, policy: Policy) -> None:
        self._sessions = sessions
        self._courier = courier
        self._knobs = knobs
        self._policy = policy
        self._slow: set[asyncio.Task[None]] = set()

    async def step(self) -> timedelta | None:
        """Send the notifications whose time has come; tell when to come again."""
        if len(self._slow) >= self._policy.at_once:
            await asyncio.wait(self._slow, return_when=asyncio.FIRST_COMPLETED)
        free = self._policy.at_once - len(self._slow)
        async with self._sessions.begin(PRINCIPAL) as session:
            deliveries = await store.lease(session, LEASE, free)
            next_at = None if deliveries else await store.next_at(session)
        if deliveries:
            await self._send_and_go_on(deliveries)
            return timedelta()
        if next_at is None:
            return None
        return max(next_at - self._sessions.clock.now(), _SOONEST)

    async def send(self, delivery: Delivery) -> None:
        """Make one try of this leased notification and write down how it went."""
        faults = await self._knobs.read()
        await self._write_down([(delivery, await self._try(delivery, faults))], faults)

    async def close(self) -> None:
        """Leave the slow ones; their leases run out, and they are tried again after a restart."""
        for task in self._slow:
            task.cancel()
        await asyncio.gather(*self._slow, return_exceptions=True)

    async def _send_and_go_on(self, deliveries: Sequence[Delivery]) -> None:
        """Make one try of each. The quick ones are written down together, each slow one when it
        has ended."""
        faults = await self._knobs.read()
        tries = {asyncio.create_task(self._try(each, faults)): each for each in deliveries}
        try:
            quick, slow = await asyncio.wait(tries, timeout=SLOW_SECONDS)
        except asyncio.CancelledError:
            for each in tries:
                each.cancel()
            raise
        for under_way in slow:
            task = asyncio.create_task(self._finish(tries[under_way], under_way, faults))
            self._slow.add(task)
            task.add_done_callback(self._slow.discard)
        await self._write_down([(tries[each], each.result()) for each in quick], faults)

    async def _finish(
        self, delivery: Delivery, under_way: asyncio.Task[bool], faults: Faults
    ) -> None:
        await self._write_down([(delivery, await under_way)], faults)

    async def _write_down(self, results: Sequence[tuple[Delivery, bool]], faults: Faults) -> None:
        async with self._sessions.begin(PRINCIPAL) as session:
            for delivery, taken in results:
                self._record(delivery, taken, session)
            if faults.reorder and any(taken for _, taken in results):
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
