"""``memory://``: the transport inside one process.

A publish is confirmed only when every listener has durably dealt with the message, so the
outbox row stays unstamped, and is sent again, when the process dies in between.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from shared.bus.topology import Topology, topology
from shared.bus.transport import BATCH, BusUnavailable, Deliver, Message
from shared.logs import logger

REDELIVERY_SECONDS = 0.5


@dataclass(eq=False)
class _Delivery:
    message: Message
    done: asyncio.Future[None]


@dataclass(eq=False)
class _Queue:
    waiting: deque[_Delivery] = field(default_factory=deque)
    filled: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, delivery: _Delivery) -> None:
        self.waiting.append(delivery)
        self.filled.set()


class MemoryBus:
    """Queues in this process, one per listening service."""

    def __init__(
        self, table: Topology | None = None, redelivery_seconds: float = REDELIVERY_SECONDS
    ) -> None:
        self._bindings = topology() if table is None else table
        self._queues = {name: _Queue() for name in self._bindings}
        self._redelivery_seconds = redelivery_seconds
        self._consumers: set[asyncio.Task[None]] = set()
        self._closed = False

    async def start(self) -> None:
        """Nothing to connect to: the queues exist from the beginning."""

    async def publish(self, messages: Sequence[Message], *, queue: str | None = None) -> None:
        if self._closed:
            raise BusUnavailable("the bus is closed")
        deliveries = [d for message in messages for d in self._route(message, queue)]
        try:
            await asyncio.gather(*(delivery.done for delivery in deliveries))
        except asyncio.CancelledError:
            if self._closed:
                raise BusUnavailable("the bus was closed before all listeners were done") from None
            raise

    def _route(self, message: Message, queue: str | None) -> list[_Delivery]:
        names = [queue] if queue else self._listeners(message)
        if not names:
            raise BusUnavailable(f"nobody listens to {message.routing_key}")
        loop = asyncio.get_running_loop()
        deliveries = []
        for name in names:
            delivery = _Delivery(message, loop.create_future())
            self._queues[name].put(delivery)
            deliveries.append(delivery)
        return deliveries

    def _listeners(self, message: Message) -> list[str]:
        return [name for name, keys in self._bindings.items() if message.routing_key in keys]

    async def consume(self, queue: str, deliver: Deliver) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._consumers.add(task)
        entries = self._queues[queue]
        try:
            while not self._closed:
                await entries.filled.wait()
                await self._drain(entries, deliver)
        finally:
            self._consumers.discard(task)

    async def _drain(self, entries: _Queue, deliver: Deliver) -> None:
        while entries.waiting:
            batch = list(islice(entries.waiting, BATCH))
            try:
                await deliver(*(delivery.message for delivery in batch))
            except Exception as error:  # the consumer could not even record the failure
                logger("bus").warning("redelivery", reason=str(error))
                await asyncio.sleep(self._redelivery_seconds)
                continue
            for delivery in batch:
                entries.waiting.popleft()
                if not delivery.done.done():
                    delivery.done.set_result(None)
        entries.filled.clear()

    async def consume_dead(self, queue: str, deliver: Deliver) -> None:
        """Nothing: this transport never gives up on a message."""

    def healthy(self) -> bool:
        return not self._closed

    async def close(self) -> None:
        self._closed = True
        for queue in self._queues.values():
            for delivery in queue.waiting:
                delivery.done.cancel()
        for task in list(self._consumers):
            task.cancel()
