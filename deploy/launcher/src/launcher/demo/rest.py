"""Knowing when nothing moves any more inside the one process that loads the demo."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from time import monotonic

import asyncpg

from launcher.errors import Refusal
from shared import failures
from shared.clock import ShiftedClock
from shared.database import plain_url
from shared.service import Service

WAIT_SECONDS = 120.0
_PAUSE_SECONDS = 0.05
_PAUSES_UNTIL_NUDGE = 8
_NUDGE = timedelta(seconds=10)
_TRYING_AGAIN = {failures.CHANNEL, "bank_gateway_work"}
_MOVING = """
SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)
    OR EXISTS (SELECT FROM failed_deliveries WHERE state = 'waiting')
"""
_ERRANDS = f"{_MOVING} OR EXISTS (SELECT FROM work WHERE due_at <= $1 OR leased_until > $1)"
_DEAD = "SELECT reason FROM failed_deliveries WHERE state = 'dead' LIMIT 1"


class Time:
    """The clock of the house, which everybody looks at when it is moved."""

    def __init__(self, clock: ShiftedClock, services: Sequence[Service]) -> None:
        self._clock = clock
        loops = [loop for service in services for loop in service.loops]
        self._trying_again = [loop for loop in loops if loop.channel in _TRYING_AGAIN]

    def now(self) -> datetime:
        """Give the present instant."""
        return self._clock.now()

    def today(self) -> date:
        """Give the present business day."""
        return self._clock.today()

    def move_to(self, instant: datetime) -> None:
        """Move the clock; those who wait for a time look at it again."""
        self._clock.move_to(instant)
        for loop in self._trying_again:
            loop.wake()

    def nudge(self) -> None:
        """Help along what waits for a time of its own; nothing ever happens in the future."""
        self.move_to(min(self.now() + _NUDGE, datetime.now(UTC)))


class Rest:
    """Waits until no service has an event to send, a delivery to try again or the bank to ask.

    ``memory://`` confirms a publish only when every listener is done with it, so an empty
    outbox everywhere means that every consequence has happened too.
    """

    def __init__(self, urls: Mapping[str, str], time: Time) -> None:
        self._urls = urls
        self._time = time
        self._mover = ""
        self._pauses = 0
        self._connections: dict[str, asyncpg.Connection] = {}
        self._stack = AsyncExitStack()

    async def open(self) -> None:
        """Connect to every service's records, once."""
        for service, url in self._urls.items():
            connection = await asyncpg.connect(plain_url(url))
            self._stack.push_async_callback(connection.close)
            self._connections[service] = connection

    async def close(self) -> None:
        """Let the connections go."""
        await self._stack.aclose()

    async def __call__(self) -> None:
        """Wait.

        Raises:
            Refusal: a delivery is dead, or it took too long.
        """
        deadline = monotonic() + WAIT_SECONDS
        while await self._moving():
            if monotonic() > deadline:
                raise Refusal("Data contoh: sistem tidak kunjung tenang; lihat log.")
            await self._pause()
        await self._refuse_dead()

    async def _pause(self) -> None:
        """Wait a little; what waits for a time of its own is helped along."""
        self._pauses += 1
        if self._pauses % _PAUSES_UNTIL_NUDGE == 0:
            self._time.nudge()
        await asyncio.sleep(_PAUSE_SECONDS)

    async def _moving(self) -> bool:
        """Ask the one that moved last first, so that mostly one question is enough."""
        for service in sorted(self._connections, key=lambda name: name != self._mover):
            question = _ERRANDS if service == "bank-gateway" else _MOVING
            arguments = [self._time.now()] if service == "bank-gateway" else []
            if await self._connections[service].fetchval(question, *arguments):
                self._mover = service
                return True
        return False

    async def _refuse_dead(self) -> None:
        for service, connection in self._connections.items():
            reason = await connection.fetchval(_DEAD)
            if reason:
                raise Refusal(f"Data contoh: kiriman ke {service} gagal: {reason}")
