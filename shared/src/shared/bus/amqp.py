"""``amqp://``: RabbitMQ 3.10 to 4.x through aio-pika.

Quorum queues, publisher confirms, mandatory messages, acknowledgement after the effect (E2, E3,
E6). 3.10 knows no default delivery limit and needs ``stream_queue`` for at-least-once
dead-lettering, so both are asked for here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import aio_pika
from aio_pika.abc import (
    AbstractChannel,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustConnection,
)
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError, DeliveryError

from shared.bus.topology import NAMESPACE, Topology, topology
from shared.bus.transport import BATCH, BusUnavailable, Deliver, Message
from shared.logs import logger

EXCHANGE = f"{NAMESPACE}.events"
_DEAD_EXCHANGE = f"{NAMESPACE}.dead"
CONFIRM_SECONDS = 15
REDELIVERY_SECONDS = 1.0
STOP_SECONDS = 10
DELIVERY_LIMIT = 10

_Waiting = asyncio.Queue[AbstractIncomingMessage]
_UNREACHABLE = (AMQPError, ChannelInvalidStateError, ConnectionError, OSError, TimeoutError)


class AmqpBus:
    """One robust connection; a channel to publish, a channel per consumer."""

    def __init__(
        self,
        url: str,
        table: Topology | None = None,
        redelivery_seconds: float = REDELIVERY_SECONDS,
        namespace: str = NAMESPACE,
    ) -> None:
        self._url = url
        self._namespace = namespace
        self._redelivery_seconds = redelivery_seconds
        self._bindings = topology() if table is None else table
        self._connection: AbstractRobustConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._closing = asyncio.Event()
        self._consumers: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Connect (waiting for the broker as long as it takes, R6) and declare the topology."""
        self._connection = await aio_pika.connect_robust(
            self._url, fail_fast="0", reconnect_interval=1, timeout=10
        )
        self._channel = await self._connection.channel(
            publisher_confirms=True, on_return_raises=True
        )
        self._exchange = await self._declare(self._channel)

    async def _declare(self, channel: AbstractChannel) -> AbstractExchange:
        events = await channel.declare_exchange(self._named(EXCHANGE), "topic", durable=True)
        dead = await channel.declare_exchange(self._named(_DEAD_EXCHANGE), "direct", durable=True)
        for table_name, routing_keys in self._bindings.items():
            name = self._named(table_name)
            grave = await channel.declare_queue(
                _dead_letters(name), durable=True, arguments={"x-queue-type": "quorum"}
            )
            await grave.bind(dead, name)
            arguments = _arguments(name, dead.name)
            queue = await channel.declare_queue(name, durable=True, arguments=arguments)
            for routing_key in sorted(routing_keys):
                await queue.bind(events, routing_key)
        return events

    def _named(self, name: str) -> str:
        """Put a name of the topology into this installation's namespace."""
        return name.replace(NAMESPACE, self._namespace, 1)

    async def publish(self, messages: Sequence[Message], *, queue: str | None = None) -> None:
        if self._channel is None or self._exchange is None or self._closing.is_set():
            raise BusUnavailable("not connected")
        exchange = self._channel.default_exchange if queue else self._exchange
        sends = [self._send(exchange, message, queue) for message in messages]
        try:
            await asyncio.gather(*sends)
        except DeliveryError as error:
            raise BusUnavailable(f"not accepted or not routed: {error}") from error
        except _UNREACHABLE as error:
            raise BusUnavailable(str(error)) from error

    async def _send(self, exchange: AbstractExchange, message: Message, queue: str | None) -> None:
        envelope = aio_pika.Message(
            message.body,
            content_type="application/json",
            delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            message_id=str(message.event_id),
            type=message.routing_key,
        )
        routing_key = self._named(queue) if queue else message.routing_key
        await exchange.publish(envelope, routing_key, mandatory=True, timeout=CONFIRM_SECONDS)

    async def consume(self, queue: str, deliver: Deliver) -> None:
        task = asyncio.create_task(self._consume(queue, deliver))
        self._consumers.add(task)
        try:
            await asyncio.shield(task)
        finally:
            self._consumers.discard(task)

    async def _consume(self, queue: str, deliver: Deliver) -> None:
        assert self._connection is not None, "start the bus first"
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=BATCH)
        source = await channel.get_queue(self._named(queue))
        waiting: _Waiting = asyncio.Queue()
        tag = await source.consume(waiting.put)
        turn = asyncio.Lock()
        working = asyncio.create_task(self._work(waiting, turn, deliver))
        await self._closing.wait()
        await _stop(source, tag, turn)
        working.cancel()
        await asyncio.wait([working])

    async def _work(self, waiting: _Waiting, turn: asyncio.Lock, deliver: Deliver) -> None:
        """Settle what waits, in order; what came meanwhile is the next batch."""
        while True:
            batch = [await waiting.get()]
            while len(batch) < BATCH and not waiting.empty():
                batch.append(waiting.get_nowait())
            async with turn:
                await self._settle(batch, deliver)

    async def consume_dead(self, queue: str, deliver: Deliver) -> None:
        await self.consume(_dead_letters(queue), deliver)

    async def _settle(self, batch: list[AbstractIncomingMessage], deliver: Deliver) -> None:
        """Deliver until it works, then acknowledge.

        Messages are held, not requeued: older brokers count a requeue as a delivery and would
        bury everything during a longer outage of the database (R4).
        """
        while not self._closing.is_set():
            try:
                await deliver(*map(_message, batch))
            except Exception as error:
                logger("bus").warning("delivery held", reason=str(error))
                await asyncio.sleep(self._redelivery_seconds)
            else:
                await _quietly(batch[-1].ack(multiple=True))
                return

    def healthy(self) -> bool:
        connection = self._connection
        return connection is not None and connection.connected.is_set()

    async def close(self) -> None:
        self._closing.set()
        if self._consumers:
            await asyncio.wait(self._consumers, timeout=STOP_SECONDS)
        if self._connection is not None:
            await self._connection.close()


async def _quietly(answer: Any) -> None:
    """A lost channel brings the message back by itself; the inbox makes that harmless."""
    try:
        await answer
    except _UNREACHABLE as error:
        logger("bus").info("acknowledgement lost", reason=str(error))


async def _stop(source: AbstractQueue, tag: str, turn: asyncio.Lock) -> None:
    try:
        await source.cancel(tag)
    except _UNREACHABLE:
        return
    async with turn:  # what is in hand is finished first
        return


def _dead_letters(queue: str) -> str:
    """Name the queue where the broker puts what it gives up on."""
    return f"{queue}.dead"


def _arguments(queue: str, dead_letter_exchange: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-overflow": "reject-publish",
        "x-dead-letter-exchange": dead_letter_exchange,
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
    }


def _message(incoming: AbstractIncomingMessage) -> Message:
    try:
        event_id = UUID(incoming.message_id or "")
    except ValueError:
        event_id = uuid4()
    key = incoming.type or incoming.routing_key or ""
    return Message(key, incoming.body, event_id)
