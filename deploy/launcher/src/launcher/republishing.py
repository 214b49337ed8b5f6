"""``./lunas republish``: fill a service's read model again from the outboxes of all others (E7)."""

from __future__ import annotations

import heapq
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from datetime import datetime

import asyncpg

from launcher.errors import Refusal
from launcher.house import Resident
from shared.bus import Message
from shared.bus.memory import MemoryBus
from shared.bus.transport import BATCH
from shared.clock import SystemClock
from shared.contracts.listeners import LISTENERS
from shared.database import plain_url
from shared.service import Outside

_QUERY = """
SELECT created_at, position, event_id, routing_key, body FROM outbox
WHERE routing_key = ANY($1::text[]) ORDER BY position
"""


async def republish(target: Resident, urls: Mapping[str, str]) -> int:
    """Give a service every event that it listens to once more; give how many there were.

    The service's inbox makes a repeat harmless, so this may run while everything works. What
    comes before its time is tried again by the running service.

    Raises:
        Refusal: the service listens to nothing.
    """
    routing_keys = [event.routing_key() for event in LISTENERS.get(target.name, ())]
    if not routing_keys:
        raise Refusal(f"Layanan {target.name} tidak mendengarkan kejadian apa pun.")
    service = target.build(Outside(SystemClock(), MemoryBus()))
    count = 0
    batch: list[Message] = []
    try:
        async for message in _all(urls, routing_keys):
            batch.append(message)
            count += 1
            if len(batch) == BATCH:
                await service.consumer.receive(*batch)
                batch.clear()
        if batch:
            await service.consumer.receive(*batch)
    finally:
        await service.engine.dispose()
    return count


async def _all(urls: Mapping[str, str], routing_keys: list[str]) -> AsyncIterator[Message]:
    """Read all outboxes side by side, oldest event first."""
    async with AsyncExitStack() as stack:
        streams = []
        for url in urls.values():
            connection = await asyncpg.connect(plain_url(url))
            stack.push_async_callback(connection.close)
            await stack.enter_async_context(connection.transaction(readonly=True))
            streams.append(aiter(connection.cursor(_QUERY, routing_keys)))
        heads: Heads = []
        for no, stream in enumerate(streams):
            await _advance(heads, no, stream)
        while heads:
            _, no, row = heapq.heappop(heads)
            yield Message(row["routing_key"], row["body"].encode(), row["event_id"])
            await _advance(heads, no, streams[no])


Heads = list[tuple[datetime, int, asyncpg.Record]]
"""The next event of each outbox: when it was written, whose it is, and its row."""


async def _advance(heads: Heads, no: int, stream: AsyncIterator[asyncpg.Record]) -> None:
    row = await anext(stream, None)
    if row is not None:
        heapq.heappush(heads, (row["created_at"], no, row))
