"""The services that money passes through, and the simulated bank, on a clock that stands still.

Every program is the real one on its own real database; programs meet over real HTTP and the bus
of one process. Only time is ours: background work is done step by step, so a week of repeats and
questions passes in seconds, and the same seed gives the same story.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping, Set
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import select

from bank_gateway import main as gateway_main
from bank_gateway.settings import Settings as GatewaySettings
from bni_sandbox import main as sandbox_main
from bni_sandbox.settings import Settings as SandboxSettings
from invoicing import main as invoicing_main
from invoicing.settings import Settings as InvoicingSettings
from reconciliation import main as reconciliation_main
from reconciliation.settings import Settings as ReconciliationSettings
from reporting import main as reporting_main
from reporting.settings import Settings as ReportingSettings
from shared import outbox
from shared.bus import Message, queue_name
from shared.bus.memory import MemoryBus
from shared.clock import FrozenClock
from shared.contracts.listeners import LISTENERS
from shared.events import REGISTER, Event
from shared.http import HttpClient, Response
from shared.loop import Loop
from shared.principal import Principal
from shared.server import make_server
from shared.service import Outside, Service
from shared.tables import OutboxEntry
from shared.testing import ADMIN, Caller, Database
from town.agreement import Protocol, agree
from town.teller import Teller, make_teller

RESIDENTS: dict[str, tuple[Any, Any]] = {
    "invoicing": (invoicing_main, InvoicingSettings),
    "bank-gateway": (gateway_main, GatewaySettings),
    "reconciliation": (reconciliation_main, ReconciliationSettings),
    "bni-sandbox": (sandbox_main, SandboxSettings),
    "reporting": (reporting_main, ReportingSettings),
}
"""Who may live in a town; those with a database do."""

OFFICE = {"document_key": "k" * 32}
PATIENT = frozenset({"audit", "closes", "book-checks", "expired-exports", "sealed-messages"})
"""Background work that looks again by itself: it is done whenever time moves anyway."""

_HURRIED_PAUSE = timedelta(minutes=5)
"""Who hurries lets several things fall due and does them together, a little late."""

NOWHERE = "town.nowhere"
"""Takes what only services listen to that do not live here."""


@dataclass
class Town:
    """The running programs, and how time passes for them.

    Attributes:
        bank, callback: for whoever acts at the bank, or knocks at our door.
        teller: whoever has the bank's keys, and tells us what he likes.
        hurried: everybody works at the same time; else one after another, always in one order.
    """

    clock: FrozenClock
    bus: MemoryBus
    services: Mapping[str, Service]
    bank: HttpClient
    callback: HttpClient
    teller: Teller
    private_key: str
    hurried: bool = False

    def caller(self, service: str, principal: Principal = ADMIN) -> Caller:
        return Caller(self.services[service], self.private_key, principal)

    async def tell(self, *events: Event) -> None:
        """Let everybody who listens hear an event of a service that does not live here."""
        await self.bus.publish(
            [Message(e.routing_key(), e.model_dump_json().encode(), e.event_id) for e in events]
        )

    async def settle(self) -> None:
        """Let every program do what it can do now, until all of them rest."""
        await self._rest(PATIENT)

    async def pass_time(self, amount: timedelta) -> None:
        """Let time go by: from one thing that is due to the next, as it would be."""
        end = self.clock.now() + amount
        while True:
            pause = await self._rest(frozenset() if self.hurried else PATIENT)
            if pause is None or self.clock.now() + pause >= end:
                break
            self.clock.advance(max(pause, _HURRIED_PAUSE) if self.hurried else pause)
        self.clock.move_to(max(end, self.clock.now()))
        await self.settle()

    async def replay(self) -> None:
        """Send everything that was ever published again (E1, E7)."""
        for service in self.services.values():
            async with service.sessions.begin(service.principal) as session:
                entries = (await session.exec(select(OutboxEntry))).all()
            messages = [Message(e.routing_key, e.body.encode(), e.event_id) for e in entries]
            await self.bus.publish(messages)
        await self.settle()

    async def faults(self, **faults: Any) -> None:
        """Set the bank's faults; none clears them."""
        answer = await self.bank.request("PUT", "/simulate/faults", json=faults)
        assert answer.status_code == 200, answer.text

    async def pay(self, number: str, amount_idr: int) -> Response:
        body = {"virtual_account": number, "amount_idr": amount_idr}
        return await self.bank.request("POST", "/simulate/pay", json=body)

    async def billing(self, number: str) -> dict[str, Any] | None:
        """Give what the bank knows of the newest billing at an account."""
        params = {"virtual_account": number}
        found = (await self.bank.request("GET", "/simulate/billings", params=params)).json()
        return found[0] if found else None

    async def rows(self, service: str, query: str) -> list[dict[str, Any]]:
        """Read a program's own tables, as it would."""
        living = self.services[service]
        async with living.sessions.begin(living.principal) as session:
            return [dict(row) for row in (await session.execute(text(query))).mappings()]

    async def _rest(self, patient: Set[str]) -> timedelta | None:
        """Work until nothing is left to do now; tell when something is due again.

        Args:
            patient: which of the loops that look again by themselves take part.
        """
        while (pauses := await self._move(patient)) is None:
            pass
        return min(pauses, default=None)

    async def _move(self, patient: Set[str]) -> list[timedelta] | None:
        """Give everybody one turn; None when there was work, else how long each can wait."""
        waiting = [await self._waits(service) for service in self.services.values()]
        loops = [
            loop
            for service in self.services.values()
            for loop in service.loops
            if loop.name not in PATIENT - patient
        ]
        if self.hurried:
            turns = await asyncio.gather(*map(_work, loops))
        else:
            turns = [await _work(loop) for loop in loops]
        if any(waiting) or any(worked for worked, _ in turns):
            return None
        impatient = zip(loops, turns, strict=True)
        pauses = [pause for loop, (_, pause) in impatient if loop.name not in PATIENT]
        return [max(pause, timedelta(milliseconds=1)) for pause in pauses if pause is not None]

    async def _waits(self, service: Service) -> bool:
        async with service.sessions.begin(service.principal) as session:
            return await outbox.pending(session) > 0


async def _work(loop: Loop) -> tuple[bool, timedelta | None]:
    """Do all that a loop has to do now; tell whether there was anything, and when to come again."""
    worked = False
    while (pause := await loop.step()) == timedelta():
        worked = True
    return worked, pause


@asynccontextmanager
async def open_town(
    databases: Mapping[str, Database],
    clock: FrozenClock,
    keys: tuple[str, str],
    hands: int = 1,
    protocol: Protocol = "ecollection",
    **invoicing: Any,
) -> AsyncIterator[Town]:
    """Build the programs on these databases, and serve bank and callback on free ports.

    Args:
        databases: one for each of ``RESIDENTS`` that lives there, by name.
        hands: how many calls to the bank are made at once; with more than one, all hurry.
        protocol: what is spoken with the bank.
        invoicing: its settings, such as ``va_mode``.
    """
    doors = {name: _door() for name in ("callback", "bank")}
    callback, bank = (_address(door) for door in doors.values())
    outside = Outside(clock, MemoryBus(_queues(databases)))
    agreed = agree(callback, bank, hands, protocol)
    own = {"invoicing": invoicing, "reporting": OFFICE, **agreed}
    services = {}
    for name, database in databases.items():
        main, settings = RESIDENTS[name]
        given = {"database_url": database.url, "principal_public_key": keys[1]}
        services[name] = main.build(settings(**given, **own.get(name, {})), outside)
    clients = _client(bank), (door := _client(callback))
    teller = make_teller(agreed["bni-sandbox"], door, clock)
    town = Town(clock, outside.bus, services, *clients, teller, keys[0], hands > 1)
    async with _running(town, {callback: doors["callback"], bank: doors["bank"]}):
        yield town


@asynccontextmanager
async def _running(town: Town, doors: Mapping[str, socket.socket]) -> AsyncIterator[None]:
    servers, tasks = [], []
    for service in town.services.values():
        for address, app in service.public.items():
            servers.append(make_server(app, address))
            tasks.append(asyncio.create_task(servers[-1].serve([doors[address]])))
        if service.subscriptions:
            queue = queue_name(service.name)
            tasks.append(asyncio.create_task(town.bus.consume(queue, service.consumer.receive)))
    tasks.append(asyncio.create_task(town.bus.consume(NOWHERE, _ignore)))
    try:
        yield
    finally:
        await town.bank.close()
        await town.callback.close()
        for server in servers:
            server.should_exit = True
        await town.bus.close()
        await asyncio.wait(tasks)
        for service in town.services.values():
            await service.stop()


async def _ignore(*_messages: Message) -> None:
    return None


def _queues(residents: Iterable[str]) -> dict[str, frozenset[str]]:
    """Give each service of the town its queue; the rest of the house hears nothing."""
    here = {
        queue_name(name): frozenset(event.routing_key() for event in LISTENERS[name])
        for name in residents
        if name in LISTENERS
    }
    return {**here, NOWHERE: frozenset(REGISTER)}


def _door() -> socket.socket:
    """Open a listening socket: callers wait at it until its server is up."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(128)
    return door


def _address(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"{host}:{port}"


def _client(address: str) -> HttpClient:
    return HttpClient(f"http://{address}")
