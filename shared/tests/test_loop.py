"""Background work: woken at once when at rest, no more often than is of use when much happens."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise

from shared.loop import GAP, Loop

SECONDS = 20


class Steps:
    """A loop whose steps say when they begin, and wait at a gate."""

    def __init__(self, more: int = 0) -> None:
        self.more = more
        self.begun: asyncio.Queue[float] = asyncio.Queue()
        self.gate = asyncio.Event()
        self.loop = Loop("test", "steps", self.step, "channel")

    async def step(self) -> timedelta | None:
        self.begun.put_nowait(time.monotonic())
        await self.gate.wait()
        self.more -= 1
        return timedelta() if self.more > 0 else None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        task = asyncio.create_task(self.loop.run())
        async with asyncio.timeout(SECONDS):
            yield
        task.cancel()


async def test_what_wakes_it_while_it_works_is_one_step_more() -> None:
    steps = Steps()
    async with steps.running():
        await steps.begun.get()

        for _ in range(100):
            steps.loop.wake()
        steps.gate.set()
        await steps.begun.get()
        for _ in range(100):
            await asyncio.sleep(0)

        assert steps.begun.empty()


async def test_steps_that_are_woken_keep_their_distance() -> None:
    steps = Steps()
    steps.gate.set()
    times = []
    async with steps.running():
        for _ in range(4):
            times.append(await steps.begun.get())
            steps.loop.wake()

    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > GAP.total_seconds() * 0.9


async def test_more_work_that_a_step_knows_of_waits_for_nothing() -> None:
    steps = Steps(more=50)
    steps.gate.set()
    async with steps.running():
        times = [await steps.begun.get() for _ in range(50)]

    assert times[-1] - times[0] < 49 * GAP.total_seconds()
