"""Background work: a step that runs when it is woken or when its time comes; no busy waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg

from shared.logs import logger
from shared.metrics import LOOP_FAILURES

Step = Callable[[], Awaitable[timedelta | None]]
"""Does one piece of work; returns when to come again: zero at once, None when woken."""

SAFETY_NET = timedelta(seconds=30)
GAP = timedelta(milliseconds=50)
"""From one step to the next that is woken: the first of many finds the loop at rest and waits for
nothing, what comes while it works is one step more."""
_LONGEST_BACKOFF_SECONDS = 10.0
_RECONNECT_SECONDS = 1.0


class Loop:
    """Runs one step again and again; a failure is logged, counted and tried again."""

    def __init__(self, service: str, name: str, step: Step, channel: str | None = None) -> None:
        self.name = name
        self.channel = channel
        self._service = service
        self.step = step
        self._woken = asyncio.Event()
        self._log = logger(service)

    def wake(self) -> None:
        """Ask for a step now."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled."""
        failures = 0
        while True:
            self._woken.clear()
            begun = time.monotonic()
            try:
                pause = await self.step()
                failures = 0
            except Exception as error:  # the work stays in its table and is tried again
                failures += 1
                LOOP_FAILURES.labels(self._service, self.name).inc()
                self._log.warning("loop failed", loop=self.name, exc_info=error)
                pause = _backoff(failures)
            await self._rest(SAFETY_NET if pause is None else min(pause, SAFETY_NET), begun)

    async def _rest(self, pause: timedelta, begun: float) -> None:
        if pause <= timedelta():
            await asyncio.sleep(0)
            return
        try:
            await asyncio.wait_for(self._woken.wait(), pause.total_seconds())
        except TimeoutError:
            return
        await asyncio.sleep(begun + GAP.total_seconds() - time.monotonic())


def _backoff(failures: int) -> timedelta:
    return timedelta(seconds=min(0.25 * 2 ** min(failures, 8), _LONGEST_BACKOFF_SECONDS))


class Wakeups:
    """One listening connection per service; a NOTIFY on a channel wakes the loops of it."""

    def __init__(self, service: str, dsn: str, loops: list[Loop]) -> None:
        self._dsn = dsn
        self._log = logger(service)
        self._by_channel: dict[str, list[Loop]] = {}
        for loop in loops:
            if loop.channel:
                self._by_channel.setdefault(loop.channel, []).append(loop)

    async def run(self) -> None:
        """Listen until cancelled; reconnect when the database went away."""
        while True:
            try:
                await self._listen()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                self._log.warning("wake-ups lost, connecting again", reason=str(error))
                await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await asyncpg.connect(self._dsn, timeout=5)
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        try:
            for channel in self._by_channel:
                await connection.add_listener(channel, self._notified)
            for channel in self._by_channel:
                self._wake(channel)
            await gone.wait()
        finally:
            await asyncio.shield(connection.close(timeout=2))

    def _notified(self, _connection: object, _pid: int, channel: str, _payload: object) -> None:
        self._wake(channel)

    def _wake(self, channel: str) -> None:
        for loop in self._by_channel[channel]:
            loop.wake()
