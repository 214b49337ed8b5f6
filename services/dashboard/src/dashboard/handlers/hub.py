"""The readers of live streams, and what wakes them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

from dashboard.domain import live as rules
from dashboard.models import LiveEvent
from dashboard.store import live as store
from shared.database import Sessions
from shared.principal import Principal

CHANNEL = "lunas_live"
KEPT = timedelta(days=2)


@dataclass(eq=False)
class Listener:
    """One open stream; ``over`` when its person changed and must be asked for again (A6)."""

    principal: Principal
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    over: bool = False


class Hub:
    """Wakes the streams of this process; each then reads in its own scope (A2, A3).

    Attributes:
        newest: the newest position kept, where a page that is rendered now begins to listen.
    """

    def __init__(self, service: str, sessions: Sessions, stopping: asyncio.Event) -> None:
        self._sessions = sessions
        self._principal = Principal.system(service)
        self._stopping = stopping
        self._listeners: set[Listener] = set()
        self._oldest = 0
        self.newest = 0

    async def step(self) -> timedelta | None:
        """Read what is new, end the streams of changed users, wake the rest."""
        async with self._sessions.begin(self._principal) as session:
            changed = await store.changed_users(session, self.newest)
            self._oldest, self.newest = await store.bounds(session)
        for listener in self._listeners:
            listener.over = listener.over or listener.principal.user_id in changed
            listener.woken.set()
        return None

    async def prune(self) -> timedelta | None:
        """Forget what no page can still be waiting for."""
        async with self._sessions.begin(self._principal) as session:
            await store.forget_before(session, session.clock.now() - KEPT)
        return timedelta(hours=1)

    async def follow(
        self, principal: Principal, after: int | None, seconds_max: float
    ) -> AsyncIterator[LiveEvent | None]:
        """Give events in the person's scope as they come; None means: start over (reset).

        Ends when the process stops, when the person changed, or after ``seconds_max``.
        """
        listener = Listener(principal)
        self._listeners.add(listener)
        deadline = asyncio.get_running_loop().time() + seconds_max
        position = self.newest if after is None else after
        try:
            while not listener.over and not self._stopping.is_set():
                listener.woken.clear()
                found = await self._pending(principal, position)
                if rules.must_start_over(position, self._oldest, len(found)):
                    position = self.newest
                    yield None
                    continue
                for event in found:
                    position = event.id or position
                    yield event
                if not await self._wait(listener, deadline):
                    return
        finally:
            self._listeners.discard(listener)

    async def _pending(self, principal: Principal, position: int) -> list[LiveEvent]:
        async with self._sessions.begin(principal) as session:
            return await store.after(session, position, rules.REPLAY_MAX + 1)

    async def _wait(self, listener: Listener, deadline: float) -> bool:
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        waits = {
            asyncio.ensure_future(listener.woken.wait()),
            asyncio.ensure_future(self._stopping.wait()),
        }
        done, pending = await asyncio.wait(waits, timeout=left, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        return bool(done)
