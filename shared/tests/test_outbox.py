"""From the business transaction to the effect at the listener: once, whatever happens."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared import failures, outbox
from shared.bus import BusUnavailable, Message
from shared.bus.memory import MemoryBus
from shared.clock import FrozenClock
from shared.consumer import Consumer
from shared.contracts.gateway import UserChanged
from shared.database import Session, Sessions
from shared.errors import Conflict, NotFound
from shared.principal import Principal
from shared.tables import FailedDelivery

SYSTEM = Principal.system("sample")


def user_changed(clock: FrozenClock, user_id: UUID | None = None) -> UserChanged:
    facts = {"username": "wawan", "name": "Bapak Wawan", "role": "marketing", "phone": None}
    return UserChanged.of(1, clock.now(), user_id or uuid4(), disabled=False, **facts)


def wire(event: UserChanged) -> Message:
    return Message(event.routing_key(), event.model_dump_json().encode(), event.event_id)


class Ledger:
    """A handler whose effect is a row, and which fails as often as told, or at one event."""

    def __init__(self, *failures_first: Exception, poison: UUID | None = None) -> None:
        self._failures = list(failures_first)
        self._poison = poison
        self.seen: list[UUID] = []

    async def __call__(self, event: UserChanged, session: Session) -> None:
        self.seen.append(event.event_id)
        if event.event_id == self._poison:
            raise Conflict
        await session.execute(
            text("INSERT INTO customers VALUES (:id, :id, 1)"), {"id": event.aggregate_id}
        )
        if self._failures:
            raise self._failures.pop(0)


class StubbornBus(MemoryBus):
    """A transport that loses its first confirms after sending."""

    def __init__(self, losses: int) -> None:
        super().__init__({"q": frozenset({UserChanged.routing_key()})})
        self.sent: list[Message] = []
        self._losses = losses

    async def publish(self, messages: Sequence[Message], *, queue: str | None = None) -> None:
        self.sent += messages
        if self._losses:
            self._losses -= 1
            raise BusUnavailable("confirm lost")


async def effects(sessions: Sessions) -> int:
    async with sessions.begin(SYSTEM) as session:
        return int((await session.execute(text("SELECT count(*) FROM customers"))).scalar_one())


async def transactions(sessions: Sessions) -> int:
    """Count in how many transactions the effects were written."""
    query = text("SELECT count(DISTINCT xmin::text) FROM customers")
    async with sessions.begin(SYSTEM) as session:
        return int((await session.execute(query)).scalar_one())


async def failed(sessions: Sessions) -> list[tuple[str, int]]:
    async with sessions.begin(SYSTEM) as session:
        rows = await session.execute(text("SELECT state, attempts FROM failed_deliveries"))
        return [(row.state, row.attempts) for row in rows]


class TestTheOutbox:
    async def test_e2_an_event_of_a_rolled_back_transaction_never_leaves(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        with pytest.raises(RuntimeError):
            async with sessions.begin(SYSTEM) as session:
                outbox.publish(session, user_changed(clock))
                raise RuntimeError("after all not")
        bus = StubbornBus(losses=0)

        await outbox.Relay("sample", sessions, bus).step()

        assert bus.sent == []

    async def test_e2_it_is_stamped_only_when_confirmed(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        async with sessions.begin(SYSTEM) as session:
            outbox.publish(session, user_changed(clock))
        bus = StubbornBus(losses=1)
        relay = outbox.Relay("sample", sessions, bus)
        with pytest.raises(BusUnavailable):
            await relay.step()

        await relay.step()
        await relay.step()

        assert [m.event_id for m in bus.sent] == [bus.sent[0].event_id] * 2
        async with sessions.begin(SYSTEM) as session:
            assert await outbox.pending(session) == 0

    async def test_two_relays_do_not_send_at_the_same_time(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        async with sessions.begin(SYSTEM) as session:
            for _ in range(5):
                outbox.publish(session, user_changed(clock))
        bus = StubbornBus(losses=0)
        relays = [outbox.Relay("sample", sessions, bus) for _ in range(3)]

        await asyncio.gather(*(relay.step() for relay in relays))

        assert len(bus.sent) == 5


class TestTheInbox:
    async def test_e1_twice_delivered_is_once_applied(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger()}, sessions)
        message = wire(user_changed(clock))

        await consumer.receive(message)
        await consumer.receive(message)

        assert await effects(sessions) == 1
        assert await failed(sessions) == []


class TestMessagesThatComeTogether:
    async def test_e3_they_are_applied_in_one_transaction_in_their_order(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        ledger = Ledger()
        consumer = Consumer("sample", {UserChanged: ledger}, sessions)
        events = [user_changed(clock) for _ in range(5)]

        await consumer.receive(*map(wire, events), wire(events[0]))

        assert await effects(sessions) == 5
        assert ledger.seen == [event.event_id for event in events]
        assert await transactions(sessions) == 1

    async def test_r4_the_one_that_fails_is_kept_and_the_others_are_applied(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        events = [user_changed(clock) for _ in range(7)]
        ledger = Ledger(poison=events[4].event_id)
        consumer = Consumer("sample", {UserChanged: ledger}, sessions)

        await consumer.receive(*map(wire, events))

        assert await effects(sessions) == 6
        assert await failed(sessions) == [("dead", 1)]

    async def test_e4_one_that_cannot_be_read_does_not_hold_up_the_others(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger()}, sessions)
        unreadable = Message("user.changed.v1", b"{not json", uuid4())

        await consumer.receive(wire(user_changed(clock)), unreadable, wire(user_changed(clock)))

        assert await effects(sessions) == 2
        assert await failed(sessions) == [("dead", 1)]

    async def test_no_handler_sees_what_another_remembers(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        seen: list[bool] = []

        async def handler(event: UserChanged, session: Session) -> None:
            seen.append(any(True for _ in session))
            outbox.publish(session, user_changed(clock))

        consumer = Consumer("sample", {UserChanged: handler}, sessions)

        await consumer.receive(wire(user_changed(clock)), wire(user_changed(clock)))

        assert seen == [False, False]
        async with sessions.begin(SYSTEM) as session:
            assert await outbox.pending(session) == 2


class Race:
    """Two handlers that lock the same two rows in opposite orders: one of them must lose."""

    def __init__(self, rows: list[UUID]) -> None:
        self._rows = rows
        self._both = asyncio.Barrier(2)
        self.attempts = 0

    async def __call__(self, event: UserChanged, session: Session) -> None:
        self.attempts += 1
        first, second = self._rows if event.username == "a" else reversed(self._rows)
        lock = text("UPDATE customers SET version = version + 1 WHERE id = :id")
        await session.execute(lock, {"id": first})
        if self.attempts <= 2:
            await self._both.wait()
        await session.execute(lock, {"id": second})


class TestALostRace:
    async def test_k4_a_deadlock_is_run_again_at_once(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        rows = [uuid4(), uuid4()]
        async with sessions.begin(SYSTEM) as session:
            for row in rows:
                await session.execute(
                    text("INSERT INTO customers VALUES (:id, :id, 0)"), {"id": row}
                )
        race = Race(rows)
        consumer = Consumer("sample", {UserChanged: race}, sessions)
        one, other = (user_changed(clock).model_copy(update={"username": u}) for u in "ab")

        await asyncio.gather(consumer.receive(wire(one)), consumer.receive(wire(other)))

        async with sessions.begin(SYSTEM) as session:
            found = await session.execute(text("SELECT sum(version) FROM customers"))
            assert found.scalar_one() == 4
        assert race.attempts == 3
        assert await failed(sessions) == []


class TestFailedDeliveries:
    async def test_r4_an_early_event_is_tried_again_later(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger(NotFound())}, sessions)
        await consumer.receive(wire(user_changed(clock)))
        before = await effects(sessions)

        early = await consumer.retry_step()
        clock.advance(timedelta(seconds=1))
        await consumer.retry_step()

        assert (before, early) == (0, timedelta(seconds=1))
        assert await effects(sessions) == 1
        assert await failed(sessions) == [("replayed", 1)]

    async def test_r4_after_the_whole_schedule_it_waits_for_a_person(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        handler = Ledger(*(RuntimeError("defect") for _ in range(9)))
        consumer = Consumer("sample", {UserChanged: handler}, sessions)
        await consumer.receive(wire(user_changed(clock)))

        for pause in failures.SCHEDULE:
            clock.advance(pause)
            await consumer.retry_step()

        assert await failed(sessions) == [("dead", 5)]
        assert await effects(sessions) == 0

    @pytest.mark.parametrize("error", [Conflict(), failures.NotDead()])
    async def test_r4_a_broken_rule_is_dead_at_once(
        self, sessions: Sessions, clock: FrozenClock, error: Exception
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger(error)}, sessions)

        await consumer.receive(wire(user_changed(clock)))

        assert await failed(sessions) == [("dead", 1)]

    @pytest.mark.parametrize(
        ("key", "body"),
        [("user.changed.v9", b"{}"), ("user.changed.v1", b"{not json"), ("user.changed.v1", b"{}")],
        ids=["unknown version", "not JSON", "not the contract"],
    )
    async def test_e4_what_cannot_be_read_is_kept_for_a_person(
        self, sessions: Sessions, key: str, body: bytes
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger()}, sessions)

        await consumer.receive(Message(key, body, uuid4()))

        assert await failed(sessions) == [("dead", 1)]

    async def test_r5_a_replay_has_its_effect_once(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger(Conflict())}, sessions)
        await consumer.receive(wire(user_changed(clock)))
        async with sessions.begin(SYSTEM) as session:
            (delivery,) = await failures.dead(session)
            await failures.replay(session, delivery.id)

        await consumer.retry_step()

        assert await effects(sessions) == 1
        assert [state for state, _ in await failed(sessions)] == ["replayed"]

    async def test_r5_a_discard_keeps_the_reason(
        self, sessions: Sessions, clock: FrozenClock
    ) -> None:
        consumer = Consumer("sample", {UserChanged: Ledger(Conflict())}, sessions)
        await consumer.receive(wire(user_changed(clock)))
        async with sessions.begin(SYSTEM) as session:
            (delivery,) = await failures.dead(session)
            await failures.discard(session, delivery.id, "percobaan")

        async with sessions.begin(SYSTEM) as session:
            kept = await session.get(FailedDelivery, delivery.id)
            with pytest.raises(failures.NotDead):
                await failures.replay(session, delivery.id)

        assert kept is not None
        assert (kept.state, kept.reason) == ("discarded", "dibuang: percobaan")
