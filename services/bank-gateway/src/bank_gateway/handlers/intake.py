"""Taking many notifications at once: those that wait share one transaction (C1, C2).

Nothing waits for company: what has come while every lane was busy is the next batch. Only plain
cases are decided here, with the same rules as everywhere; whatever is unusual, and every batch that
fails, is taken one by one.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bank_gateway.domain import conversation
from bank_gateway.domain import notice as rules
from bank_gateway.domain.notice import Notice, Origin, Registered
from bank_gateway.domain.payment import NewPayment
from bank_gateway.handlers import callback
from bank_gateway.handlers.events import payment_event, payment_facts
from bank_gateway.handlers.taking import Outcome
from bank_gateway.metrics import CALLBACK_BATCH, CUSTOMER_NAME_DIFFERS
from bank_gateway.models import Exchange
from bank_gateway.store import intake as store
from bank_gateway.store.intake import Entry, Lane
from bank_gateway.vault import Vault
from bni_protocol.fields import FieldProblem, Notification
from shared import context
from shared.contracts.bank_gateway import PaymentReceived
from shared.database import Sessions
from shared.ids import new_id
from shared.logs import logger
from shared.principal import Principal

BATCH_MAX = 64
LANES = 2
WAITING_MAX = 1000
BATCH_SECONDS = 1.0  # then there is time left to try one by one

_SYSTEM = Principal.system("bank-gateway")


class Busy(Exception):
    """More notifications wait than can be answered in time (R8)."""


@dataclass(frozen=True, slots=True)
class Message:
    """A notification that decodes, as it came."""

    members: Mapping[str, object]
    origin: Origin
    body: bytes


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    """A message in the queue; without a notice it only keeps its place among its billing's."""

    message: Message
    notice: Notice | None
    correlation_id: str
    answer: asyncio.Future[Outcome | None]

    @property
    def trx_id(self) -> str:
        return str(self.message.members.get("trx_id"))


@dataclass
class Intake:
    """One per process. ``take`` returns after the commit that holds the notification (C1).

    Attributes:
        lanes: how many batches run at once; the program works on one while the database works on
            the others.
    """

    sessions: Sessions
    vault: Vault
    lanes: Sequence[Lane]
    waiting_max: int = WAITING_MAX
    batch_seconds: float = BATCH_SECONDS
    _waiting: deque[_Waiting] = field(default_factory=deque)
    _running: dict[Lane, asyncio.Task[None]] = field(default_factory=dict)
    _in_batches: set[str] = field(default_factory=set)

    async def take(self, message: Message) -> Outcome:
        """Store a notification and tell what became of it.

        Raises:
            Busy: too many wait already.
        """
        outcome = await self._together(message)
        return await self.alone(message) if outcome is None else outcome

    async def close(self) -> None:
        await asyncio.gather(*self._running.values())
        for lane in self.lanes:
            await lane.close()

    async def _together(self, message: Message) -> Outcome | None:
        """Wait for the transaction of a batch; None when this is nothing for a batch."""
        if len(self._waiting) >= self.waiting_max:
            raise Busy
        answer: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(message, _read(message), context.correlation_id(), answer))
        resting = next((lane for lane in self.lanes if lane not in self._running), None)
        if resting is not None:
            self._running[resting] = asyncio.create_task(self._work(resting))
        return await answer

    async def _work(self, lane: Lane) -> None:
        try:
            while batch := self._next_batch():
                named = {waiting.trx_id for waiting in batch}
                self._in_batches |= named
                try:
                    await self._answer(batch, lane)
                finally:
                    self._in_batches -= named
        finally:
            del self._running[lane]

    def _next_batch(self) -> list[_Waiting]:
        """Take those who still wait for an answer: who gave up is not stored (R7).

        Who is about a billing of a batch that runs keeps his place: the order of two matters.
        """
        batch: list[_Waiting] = []
        passed: list[_Waiting] = []
        while self._waiting and len(batch) < BATCH_MAX:
            waiting = self._waiting.popleft()
            if not waiting.answer.done():
                (passed if waiting.trx_id in self._in_batches else batch).append(waiting)
        self._waiting.extendleft(reversed(passed))
        return batch

    async def _answer(self, batch: list[_Waiting], lane: Lane) -> None:
        """Answer a batch after its commit; who is not in it is taken alone."""
        taken: set[_Waiting] = set()
        try:
            async with asyncio.timeout(self.batch_seconds):
                taken = await self._store(batch, lane)
        except store.FAILURES as error:
            reason = type(error).__name__
            logger("bank-gateway").warning("batch not stored", reason=reason, size=len(batch))
        finally:
            for waiting in batch:
                if not waiting.answer.done():
                    waiting.answer.set_result(Outcome.RECEIVED if waiting in taken else None)

    async def _store(self, batch: list[_Waiting], lane: Lane) -> set[_Waiting]:
        """Commit the plain cases of a batch, and give them."""
        lone = _lone(batch)
        if not lone:
            return set()
        async with lane.open() as connection:
            known = await store.registered(connection, list(lone))
            now = self.sessions.clock.now()
            plain = _plain(lone, known, now)
            if not plain:
                return set()
            sealed_nothing = self.vault.seal(b"")
            entries = [
                entry_of(payment, waiting.correlation_id, sealed_nothing, self._sealed(waiting))
                for waiting, payment in plain
            ]
            routing_key = PaymentReceived.routing_key()
            free = await store.insert(connection, entries, routing_key, _SYSTEM, now)
        taken = [each for each in plain if each[1].id in free]
        _count([payment for _, payment in taken], known)
        return {waiting for waiting, _ in taken}

    def _sealed(self, waiting: _Waiting) -> bytes:
        return self.vault.seal(waiting.message.body)

    async def alone(self, message: Message) -> Outcome:
        """Take one notification in a transaction of its own."""
        async with self.sessions.begin(_SYSTEM) as session:
            outcome = await callback.take(message.members, message.origin, session)
            if outcome is not Outcome.REPEATED:
                session.add(self._exchange(message, outcome, session.clock.now()))
        return outcome

    def _exchange(self, message: Message, outcome: Outcome, now: datetime) -> Exchange:
        return Exchange(
            at=now,
            operation=conversation.CALLBACK,
            trx_id=str(message.members.get("trx_id", ""))[:30].replace("\x00", ""),
            status=outcome.status,
            facts=conversation.of_callback(message.members),
            sealed_sent=self.vault.seal(b""),
            sealed_received=self.vault.seal(message.body),
        )


def entry_of(
    payment: NewPayment, correlation_id: str, sealed_sent: bytes, sealed_received: bytes
) -> Entry:
    """Spell everything that a genuine notification becomes."""
    event = payment_event(
        payment,
        PaymentReceived,
        payment.received_at,
        correlation_id=correlation_id,
        causation_id=None,
    )
    return Entry(
        payment,
        event.event_id,
        event.model_dump_json(),
        json.dumps(payment_facts(payment)),
        correlation_id,
        sealed_sent,
        sealed_received,
    )


def _read(message: Message) -> Notice | None:
    try:
        return callback.notice_of(Notification.parse(message.members), message.origin)
    except FieldProblem:
        return None


def _lone(batch: list[_Waiting]) -> dict[str, _Waiting]:
    """Give by billing the notices that are alone about theirs; the order of others matters."""
    times = Counter(waiting.trx_id for waiting in batch)
    return {
        waiting.notice.trx_id: waiting
        for waiting in batch
        if waiting.notice is not None and times[waiting.notice.trx_id] == 1
    }


def _plain(
    lone: Mapping[str, _Waiting], known: Mapping[str, Registered], now: datetime
) -> list[tuple[_Waiting, NewPayment]]:
    """Make the payments of those who agree with themselves and with us, in order of billing."""
    plain = []
    for trx_id, registered in sorted(known.items()):
        notice = lone[trx_id].notice
        if notice is not None and rules.contradiction(notice, registered) is None:
            plain.append((lone[trx_id], NewPayment.of(new_id(), notice, registered, now)))
    return plain


def _count(taken: list[NewPayment], known: Mapping[str, Registered]) -> None:
    CALLBACK_BATCH.observe(len(taken))
    for payment in taken:
        if not rules.same_payer(payment.payer_name, known[payment.trx_id]):
            CUSTOMER_NAME_DIFFERS.inc()  # a warning, not a refusal (C4)
