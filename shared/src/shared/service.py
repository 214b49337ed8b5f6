"""A service put together: settings, sessions, bus, app, background work; started and stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from inspect import isawaitable

from fastapi import APIRouter, FastAPI
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from starlette.types import ASGIApp

from shared import audit, failures, inspection, outbox
from shared.activities import Belonging
from shared.bus import Bus, queue_name
from shared.clock import Clock
from shared.consumer import Consumer, Subscriptions
from shared.contracts.listeners import LISTENERS
from shared.database import Sessions, make_engine, plain_url
from shared.logs import Logger, logger
from shared.loop import Loop, Wakeups
from shared.principal import Principal, PrincipalVerifier
from shared.settings import ServiceSettings
from shared.verification import Books
from shared.web.app import make_app

STOP_SECONDS = 15
_DATABASE_RETRY_SECONDS = 1.0


class SubscriptionsDiffer(Exception):
    """A service's handlers are not those that the table of listeners promises."""


@dataclass(frozen=True)
class Outside:
    """What a service does not make itself: the time, and how events travel."""

    clock: Clock
    bus: Bus


@dataclass
class Service:
    """One service of the house.

    Attributes:
        public: further apps on addresses of their own (``host:port`` -> app).
        loops: background work besides relay, retries and audit seals; add before ``start``.
        starters: awaited in ``start`` before anything works; tried again until the database is up.
        closers: called at the end of ``stop``.
        books: what can be recomputed and compared of its records (M11).
        activities: which objects belong to a customer, a bill and the like, if any do.
        probes: further conditions under which the service can work, by name.
        stopping: set when the process begins to end, so that streams without end can.
    """

    name: str
    settings: ServiceSettings
    outside: Outside
    routers: Sequence[APIRouter] = ()
    subscriptions: Subscriptions = field(default_factory=dict)
    loops: list[Loop] = field(default_factory=list)
    public: dict[str, ASGIApp] = field(default_factory=dict)
    starters: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    closers: list[Callable[[], object]] = field(default_factory=list)
    books: Books = field(default_factory=Books)
    activities: Belonging | None = None
    probes: dict[str, Callable[[], bool]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_subscriptions(self.name, self.subscriptions)
        settings = self.settings
        self._dsn = settings.database_url.get_secret_value()
        self.engine = make_engine(
            self._dsn, pool_size=settings.pool_size, pool_overflow=settings.pool_overflow
        )
        self.sessions = Sessions(self.engine, self.outside.clock)
        self.verifier = PrincipalVerifier(settings.principal_public_key, self.name)
        self.consumer = Consumer(self.name, self.subscriptions, self.sessions)
        self.relay = outbox.Relay(self.name, self.sessions, self.outside.bus)
        self.log: Logger = logger(self.name)
        self.app: FastAPI = make_app(self, list(self.routers))
        self.stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.loops += [
            Loop(self.name, "relay", self.relay.step, outbox.CHANNEL),
            Loop(self.name, "retries", self.consumer.retry_step, failures.CHANNEL),
            Loop(self.name, "audit", audit.Sealer(self.name, self.sessions).step),
            Loop(self.name, "inspection", inspection.Inspector(self.name, self.sessions).step),
        ]

    @property
    def clock(self) -> Clock:
        """The injected clock."""
        return self.outside.clock

    @property
    def principal(self) -> Principal:
        """The service as the one who acts."""
        return Principal.system(self.name)

    async def start(self) -> None:
        """Connect and begin the background work; waits for what is not up yet (R6)."""
        await self.outside.bus.start()
        for prepare in self.starters:
            await self._when_possible(prepare)
        wakeups = Wakeups(self.name, plain_url(self._dsn), self.loops)
        work = [wakeups.run(), *(loop.run() for loop in self.loops)]
        if self.subscriptions:
            queue, bus = queue_name(self.name), self.outside.bus
            work.append(bus.consume(queue, self.consumer.receive))
            work.append(bus.consume_dead(queue, self.consumer.bury))
        self._tasks = [asyncio.create_task(coroutine) for coroutine in work]
        self.log.info("started")

    async def _when_possible(self, prepare: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await prepare()
            except (OperationalError, InterfaceError, OSError, TimeoutError) as error:
                self.log.warning("waiting for the database", reason=type(error).__name__)
                await asyncio.sleep(_DATABASE_RETRY_SECONDS)

    async def stop(self) -> None:
        """Stop taking work and let go of everything (R6)."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=STOP_SECONDS)
        for close in self.closers:
            closing = close()
            if isawaitable(closing):
                await closing
        await self.engine.dispose()
        self.log.info("stopped")

    async def checks(self) -> dict[str, bool]:
        """Tell for each dependency whether it answers, and for each probe whether it holds."""
        probed = {name: probe() for name, probe in self.probes.items()}
        answers = {"database": await self._database_answers(), "bus": self.outside.bus.healthy()}
        return answers | probed

    async def _database_answers(self) -> bool:
        try:
            async with asyncio.timeout(2), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return False
        return True


def _check_subscriptions(service: str, subscriptions: Subscriptions) -> None:
    promised = LISTENERS.get(service, frozenset())
    if set(subscriptions) != promised:
        names = sorted(e.routing_key() for e in set(subscriptions) ^ promised)
        raise SubscriptionsDiffer(f"{service}: {', '.join(names)}")
