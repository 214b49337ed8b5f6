"""Both transports keep the same promises (E1, E2, E3)."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import uuid4

import aio_pika
import pytest

from shared.bus import Bus, BusUnavailable, Message
from shared.bus.amqp import AmqpBus
from shared.bus.memory import MemoryBus
from shared.bus.topology import Topology
from shared.bus.transport import BATCH

KEY = "invoice.issued.v1"
Make = Callable[[], Awaitable[Bus]]


def amqp_url() -> str:
    url = os.environ.get("LUNAS_TEST_AMQP_URL")
    assert url, "Tests need a real RabbitMQ: run ./lunas test, or set LUNAS_TEST_AMQP_URL."
    return url


@pytest.fixture
def table() -> Topology:
    return {"lunas.a": frozenset({KEY}), "lunas.b": frozenset({KEY, "va.created.v1"})}


@pytest.fixture
async def namespace(table: Topology) -> AsyncIterator[str]:
    name = f"lt{secrets.token_hex(4)}"
    yield name
    async with await aio_pika.connect(amqp_url()) as connection:
        channel = await connection.channel()
        for queue in table:
            await channel.queue_delete(queue.replace("lunas", name))
            await channel.queue_delete(queue.replace("lunas", name) + ".dead")
        await channel.exchange_delete(f"{name}.events")
        await channel.exchange_delete(f"{name}.dead")


@pytest.fixture(params=["memory", "amqp"])
async def bus(
    request: pytest.FixtureRequest, table: Topology, namespace: str
) -> AsyncIterator[Bus]:
    if request.param == "memory":
        made: Bus = MemoryBus(table, redelivery_seconds=0)
        yield made
        await made.close()
        return
    rabbit = AmqpBus(amqp_url(), table, 0, namespace)
    await rabbit.start()
    yield rabbit
    await rabbit.close()


def message(key: str = KEY, body: bytes = b"{}") -> Message:
    return Message(key, body, uuid4())


class Listener:
    """Takes messages and remembers them; ``fail`` says how many it refuses first."""

    def __init__(self, expected: int, fail: int = 0) -> None:
        self.taken: list[Message] = []
        self.deliveries = 0
        self.largest = 0
        self.done = asyncio.Event()
        self._expected = expected
        self._fail = fail

    async def __call__(self, *received: Message) -> None:
        self.deliveries += 1
        if self.deliveries <= self._fail:
            raise ConnectionError("the database is away")
        self.taken += received
        self.largest = max(self.largest, len(received))
        if len(self.taken) == self._expected:
            self.done.set()


async def run(bus: Bus, listeners: dict[str, Listener], messages: list[Message]) -> None:
    consumers = [asyncio.create_task(bus.consume(q, each)) for q, each in listeners.items()]
    await bus.publish(messages)
    async with asyncio.timeout(20):
        await asyncio.gather(*(each.done.wait() for each in listeners.values()))
    for consumer in consumers:
        consumer.cancel()
    await asyncio.gather(*consumers, return_exceptions=True)


class TestBothTransports:
    async def test_e1_every_listening_queue_gets_the_message(
        self, bus: Bus, table: Topology
    ) -> None:
        sent = message(body=b'{"total_idr": 1250000}')
        listeners = {name: Listener(1) for name in table}

        await run(bus, listeners, [sent])

        assert [each.taken for each in listeners.values()] == [[sent], [sent]]

    async def test_messages_keep_their_order(self, bus: Bus, table: Topology) -> None:
        sent = [message(body=str(number).encode()) for number in range(100)]
        listeners = {name: Listener(100) for name in table}

        await run(bus, listeners, sent)

        assert all(each.taken == sent for each in listeners.values())

    async def test_e3_what_waits_together_comes_together_at_most_32(
        self, bus: Bus, table: Topology
    ) -> None:
        sent = [message(body=str(number).encode()) for number in range(200)]
        listeners = {name: Listener(200) for name in table}

        await run(bus, listeners, sent)

        assert all(1 < each.largest <= BATCH for each in listeners.values())
        assert all(each.deliveries < 200 for each in listeners.values())

    async def test_e3_a_batch_that_raises_comes_back_whole(self, bus: Bus, table: Topology) -> None:
        first, second = table
        sent = [message(body=str(number).encode()) for number in range(5)]
        stubborn = Listener(5, fail=2)

        await run(bus, {first: stubborn, second: Listener(5)}, sent)

        assert stubborn.taken == sent

    async def test_e3_a_delivery_that_raises_comes_back(self, bus: Bus, table: Topology) -> None:
        first, second = table
        sent = message()
        stubborn = Listener(1, fail=3)

        await run(bus, {first: stubborn, second: Listener(1)}, [sent])

        assert stubborn.deliveries == 4
        assert stubborn.taken == [sent]

    async def test_e2_a_message_that_nobody_listens_to_is_not_confirmed(self, bus: Bus) -> None:
        with pytest.raises(BusUnavailable):
            await bus.publish([message("nobody.cares.v1")])

    async def test_e7_a_replay_reaches_one_queue_only(self, bus: Bus, table: Topology) -> None:
        first, second = table
        again, other = message(), message("va.created.v1")
        listeners = {first: Listener(1), second: Listener(1)}
        tasks = [asyncio.create_task(bus.consume(q, each)) for q, each in listeners.items()]

        await bus.publish([again], queue=first)
        await bus.publish([other])
        async with asyncio.timeout(20):
            await asyncio.gather(*(each.done.wait() for each in listeners.values()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        assert listeners[first].taken == [again]
        assert listeners[second].taken == [other]

    async def test_a_closed_bus_confirms_nothing(self, bus: Bus) -> None:
        await bus.close()

        with pytest.raises(BusUnavailable):
            await bus.publish([message()])


class TestTheMemoryTransport:
    async def test_a_publish_is_confirmed_only_after_every_effect(self, table: Topology) -> None:
        bus = MemoryBus(table)
        publishing = asyncio.create_task(bus.publish([message()]))
        first, second = (Listener(1) for _ in table)
        names = list(table)
        one = asyncio.create_task(bus.consume(names[0], first))
        await first.done.wait()

        confirmed_early = publishing.done()
        other = asyncio.create_task(bus.consume(names[1], second))
        await publishing

        assert not confirmed_early
        assert second.taken == first.taken
        await bus.close()
        await asyncio.gather(one, other, return_exceptions=True)


class TestRabbitMq:
    async def test_messages_survive_when_nobody_is_up_yet(
        self, table: Topology, namespace: str
    ) -> None:
        publisher = AmqpBus(amqp_url(), table, namespace=namespace)
        await publisher.start()
        sent = message()
        await publisher.publish([sent])
        await publisher.close()

        later = AmqpBus(amqp_url(), table, namespace=namespace)
        await later.start()
        listener = Listener(1)
        consumer = asyncio.create_task(later.consume(next(iter(table)), listener))
        async with asyncio.timeout(20):
            await listener.done.wait()
        await later.close()
        await asyncio.gather(consumer, return_exceptions=True)

        assert listener.taken == [sent]
