"""Applies events: the claim, the new state and the outbox commit together (E3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

import shared.contracts  # noqa: F401  (fills the register that events are read with)
from shared import context, failures
from shared.bus import Message
from shared.database import TRIES, Session, Sessions, may_succeed_again
from shared.errors import Conflict, DomainError, Invalid, NotFound
from shared.events import Event, parse
from shared.inbox import first_deliveries
from shared.logs import logger
from shared.metrics import DEAD_LETTERS, EVENT_LAG, EVENTS_CONSUMED
from shared.principal import Principal
from shared.tables import FailedDelivery

Handler = Callable[[Any, Session], Awaitable[None]]
Subscriptions = Mapping[type[Event], Handler]

PERMANENT = (Conflict, Invalid, ValidationError)
_OUTAGE = (OperationalError, InterfaceError, ConnectionError, OSError)


async def deliver(event: Event, handler: Handler, sessions: Sessions, service: str) -> bool:
    """Apply the event once; False when a past delivery did."""
    return bool(await deliver_all([event], {type(event): handler}, sessions, service))


async def deliver_all(
    events: Sequence[Event], subscriptions: Subscriptions, sessions: Sessions, service: str
) -> set[UUID]:
    """Apply events in their order, each once, in one transaction; give the new ones."""
    async with sessions.begin(Principal.system(service)) as session:
        new = await first_deliveries(session, events)
        left = set(new)
        for event in events:
            if event.event_id in left:
                left.remove(event.event_id)
                await _apply_one(event, subscriptions[type(event)], session)
    return new


async def _apply_one(event: Event, handler: Handler, session: Session) -> None:
    """Run one handler; the next of the same transaction remembers no row that it has seen."""
    with context.bound(event.correlation_id, event.event_id):
        await handler(event, session)
        await session.flush()
        session.expunge_all()


class Consumer:
    """Takes a service's messages and keeps what fails for its next try."""

    def __init__(self, service: str, subscriptions: Subscriptions, sessions: Sessions) -> None:
        self._service = service
        self._subscriptions = subscriptions
        self._sessions = sessions
        self._principal = Principal.system(service)
        self._log = logger(service)

    async def receive(self, *messages: Message) -> None:
        """Apply messages from the bus; returning means that they may be acknowledged.

        What comes together is applied in one transaction. When that fails, each half is tried by
        itself, until the one that fails is alone and kept for its next try.

        Raises:
            OperationalError: the database is away, so nothing could be recorded.
        """
        try:
            await self._apply(messages)
        except _OUTAGE:
            raise
        except Exception as error:
            if len(messages) == 1:
                await self._keep(messages[0], error)
                return
            middle = len(messages) // 2
            await self.receive(*messages[:middle])
            await self.receive(*messages[middle:])

    async def _apply(self, messages: Sequence[Message]) -> None:
        events = [parse(message.routing_key, message.body) for message in messages]
        new = await self._deliver(events)
        now = self._sessions.clock.now()
        for event in events:
            outcome = "applied" if event.event_id in new else "repeated"
            EVENTS_CONSUMED.labels(self._service, event.TYPE, outcome).inc()
            lag = (now - event.occurred_at).total_seconds()
            EVENT_LAG.labels(self._service, event.TYPE).observe(max(lag, 0))

    async def _deliver(self, events: Sequence[Event]) -> set[UUID]:
        """Apply events together; a lost race for locks is run again at once, as a whole (K4)."""
        arguments = (events, self._subscriptions, self._sessions, self._service)
        for _ in range(TRIES - 1):
            try:
                return await deliver_all(*arguments)
            except DBAPIError as error:
                if not may_succeed_again(error):
                    raise
        return await deliver_all(*arguments)

    async def _keep(self, message: Message, error: Exception) -> None:
        permanent = isinstance(error, PERMANENT)
        self._report(message, error)
        async with self._sessions.begin(self._principal) as session:
            await failures.record(session, message, _reason(error), permanent=permanent)

    def _report(self, message: Message, error: Exception) -> None:
        EVENTS_CONSUMED.labels(self._service, message.routing_key, "failed").inc()
        expected = isinstance(error, DomainError | ValidationError)
        self._log.warning(
            "delivery failed",
            routing_key=message.routing_key,
            event_id=str(message.event_id),
            reason=_reason(error),
            exc_info=None if expected else error,
        )

    async def bury(self, *messages: Message) -> None:
        """Keep what the broker gave up on where a person sees it (R5)."""
        reason = "broker menyerah setelah beberapa kali mengantar"
        async with self._sessions.begin(self._principal) as session:
            for message in messages:
                await failures.record(session, message, reason, permanent=True)

    async def retry_step(self) -> timedelta | None:
        """Give one waiting delivery its next try; tell when to come again."""
        async with self._sessions.begin(self._principal) as session:
            delivery = await failures.next_due(session)
            if delivery is not None:
                await self._retry(session, delivery)
                return timedelta()
            DEAD_LETTERS.labels(self._service).set(await failures.count_dead(session))
            retry_at = await failures.next_retry_at(session)
        return None if retry_at is None else retry_at - self._sessions.clock.now()

    async def _retry(self, session: Session, delivery: FailedDelivery) -> None:
        message = Message(delivery.routing_key, delivery.body.encode(), delivery.event_id)
        try:
            await self._apply([message])  # in a transaction of its own
        except _OUTAGE:
            raise
        except Exception as error:
            self._report(message, error)
            permanent = isinstance(error, PERMANENT)
            failures.failed_again(
                delivery, _reason(error), session.clock.now(), permanent=permanent
            )
        else:
            delivery.state, delivery.retry_at = failures.REPLAYED, None


def _reason(error: Exception) -> str:
    if isinstance(error, NotFound):
        return f"{type(error).__name__}: {error} (mungkin terlalu awal)"
    if isinstance(error, IntegrityError):
        return f"{type(error).__name__}: {error.orig}"
    return f"{type(error).__name__}: {error}"
