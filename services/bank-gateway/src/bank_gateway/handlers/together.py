"""Messages that wait share a transaction (C1, C2; ADR-0020): one queue, a few lanes.

Nothing waits for company: what has come while every lane was busy is the next batch. What a batch
cannot decide, and every batch that fails, is left to be taken one by one.
"""

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import asyncpg

from bank_gateway.store.intake import FAILURES, Lane
from shared import context
from shared.logs import logger

BATCH_MAX = 64
LANES = 2
WAITING_MAX = 1000
BATCH_SECONDS = 1.0  # then there is time left to try one by one

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Busy(Exception):
    """More messages wait than can be answered in time (R8)."""


@dataclass(frozen=True, slots=True, eq=False)
class Waiting(Generic[Item, Answer]):
    """A message in the queue, and what it is about: the order of two about the same matters."""

    item: Item
    subjects: frozenset[str]
    correlation_id: str
    answer: asyncio.Future[Answer | None]


Store = Callable[
    [asyncpg.Connection, Sequence[Waiting[Item, Answer]]],
    Awaitable[Mapping[Waiting[Item, Answer], Answer]],
]
"""Commits the plain cases among messages of which no two are about the same, and answers them."""


@dataclass
class Together(Generic[Item, Answer]):
    """One queue. ``take`` returns after the commit that holds the message (C1).

    Attributes:
        lanes: how many batches run at once; the program works on one while the database works on
            the others.
    """

    lanes: Sequence[Lane]
    store: Store[Item, Answer]
    waiting_max: int = WAITING_MAX
    batch_seconds: float = BATCH_SECONDS
    _waiting: deque[Waiting[Item, Answer]] = field(default_factory=deque)
    _running: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    _in_batches: set[str] = field(default_factory=set)

    async def take(self, item: Item, subjects: frozenset[str]) -> Answer | None:
        """Wait for the transaction of a batch; None when this is nothing for a batch.

        Raises:
            Busy: too many wait already.
        """
        if len(self._waiting) >= self.waiting_max:
            raise Busy
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(Waiting(item, subjects, context.correlation_id(), answer))
        resting = next((lane for lane in self.lanes if lane not in self._running), None)
        if resting is not None:
            self._running[resting] = asyncio.create_task(self._work(resting))
        return await answer

    async def close(self) -> None:
        await asyncio.gather(*self._running.values())
        for lane in self.lanes:
            await lane.close()

    async def _work(self, lane: Lane) -> None:
        try:
            while batch := self._next_batch():
                named = frozenset[str]().union(*(waiting.subjects for waiting in batch))
                self._in_batches |= named
                try:
                    await self._answer(batch, lane)
                finally:
                    self._in_batches -= named
        finally:
            del self._running[lane]

    def _next_batch(self) -> list[Waiting[Item, Answer]]:
        """Take those who still wait for an answer: who gave up is not stored (R7).

        Who is about something of a batch that runs keeps his place: the order of two matters.
        """
        batch: list[Waiting[Item, Answer]] = []
        passed: list[Waiting[Item, Answer]] = []
        taken = set(self._in_batches)
        while self._waiting and len(batch) < BATCH_MAX:
            waiting = self._waiting.popleft()
            if waiting.answer.done():
                continue
            if taken.isdisjoint(waiting.subjects):
                batch.append(waiting)
            else:
                passed.append(waiting)
                taken |= waiting.subjects
        self._waiting.extendleft(reversed(passed))
        return batch

    async def _answer(self, batch: list[Waiting[Item, Answer]], lane: Lane) -> None:
        """Answer a batch after its commit; who is not in it is taken alone."""
        answers: Mapping[Waiting[Item, Answer], Answer] = {}
        try:
            async with asyncio.timeout(self.batch_seconds):
                answers = await self._store(batch, lane)
        except FAILURES as error:
            reason = type(error).__name__
            logger("bank-gateway").warning("batch not stored", reason=reason, size=len(batch))
        finally:
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_result(answers.get(waiting))

    async def _store(
        self, batch: list[Waiting[Item, Answer]], lane: Lane
    ) -> Mapping[Waiting[Item, Answer], Answer]:
        times = Counter(subject for waiting in batch for subject in waiting.subjects)
        lone = [each for each in batch if all(times[subject] == 1 for subject in each.subjects)]
        if not lone:
            return {}
        async with lane.open() as connection:
            return await self.store(connection, lone)
