"""The bank-gateway and the sandbox as two services that meet only over real HTTP."""

import asyncio
import base64
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from snap_contract import snap_contract

from bank_gateway import main as gateway_main
from bank_gateway.settings import Settings as GatewaySettings
from bni_sandbox import main as sandbox_main
from bni_sandbox.settings import Settings as SandboxSettings
from shared.bus import Message, queue_name
from shared.bus.memory import MemoryBus
from shared.clock import SystemClock
from shared.contracts.customer import CustomerRegistered
from shared.contracts.invoicing import InvoiceIssued
from shared.contracts.listeners import LISTENERS
from shared.events import REGISTER, Event, parse
from shared.http import HttpClient
from shared.server import serve
from shared.service import Outside, Service
from shared.testing import WAWAN, Database, Templates

FOLDER = Path(__file__).parents[2]
SANDBOX_FOLDER = FOLDER / "migrations" / "bni_sandbox"
PATIENCE_SECONDS = 30
AUDIENCE = "everybody"
BANK = {"client_id": "001", "secret_key": "ea0c88921fb033387e66ef7d1e82ab83", "prefix": "8"}


@dataclass
class House:
    """Both services running, and somebody who listens to everything that is published."""

    bus: MemoryBus
    sandbox: HttpClient
    heard: list[Event] = field(default_factory=list)
    something: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def listen(self, *messages: Message) -> None:
        async with self.something:
            self.heard += [parse(each.routing_key, each.body) for each in messages]
            self.something.notify_all()

    async def until(self, kind: str, subject: UUID | str, count: int = 1) -> list[Any]:
        """Wait until so many events of a type have told of an invoice."""

        def found() -> list[Any]:
            return [e for e in self.heard if kind == e.TYPE and e.invoice_id == subject]

        async with asyncio.timeout(PATIENCE_SECONDS), self.something:
            await self.something.wait_for(lambda: len(found()) >= count)
        return found()

    async def tell(self, event: Event) -> None:
        body = event.model_dump_json().encode()
        message = Message(event.routing_key(), body, event.event_id)
        await self.bus.publish([message], queue=queue_name("bank-gateway"))

    async def issue(self, total_idr: int = 1_250_000) -> UUID:
        """A customer's bill is issued."""
        now = SystemClock().now()
        customer = CustomerRegistered.of(
            1, now, uuid4(), number="PLG-000001", name="Mahmud Sulaiman", phone="+6285611011330",
            address="Bogor", email=None, marketing_id=WAWAN.user_id,
            marketing_name="Bapak Wawan", status="active", registered_at=now,
        )  # fmt: skip
        invoice = InvoiceIssued.of(
            1, now, uuid4(), number=f"INV/{uuid4().hex[:8]}", customer_id=customer.aggregate_id,
            booking_id=None, plan_id=None, plan_line_no=None, plan_kind=None, title="Angsuran",
            status="issued", issued_at=now, due_on=date(2099, 12, 12), total_idr=total_idr,
            paid_idr=0, lines=[],
        )  # fmt: skip
        await self.tell(customer)
        await self.tell(invoice)
        return invoice.aggregate_id

    async def pay(self, number: str, amount_idr: int) -> dict[str, Any]:
        body = {"virtual_account": number, "amount_idr": amount_idr}
        answer = await self.sandbox.request("POST", "/simulate/pay", json=body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def faults(self, **faults: Any) -> None:
        await self.sandbox.request("PUT", "/simulate/faults", json=faults)

    async def creations(self, trx_id: str) -> list[str]:
        """Give what the bank told each time it was asked to open a billing."""
        requests = (await self.sandbox.request("GET", "/simulate/requests")).json()
        asked = [r for r in requests if r["operation"] in {"createbilling", "create-va"}]
        return [r["status"] for r in asked if r["trx_id"] == trx_id]


@pytest.fixture(scope="session")
def service_folder() -> Path:
    return FOLDER


@pytest.fixture
def both_migrated(migrated: Templates) -> Templates:
    if not migrated.has(SANDBOX_FOLDER):
        asyncio.run(migrated.migrate(SANDBOX_FOLDER))
        migrated.upgrade(SANDBOX_FOLDER)
    return migrated


@pytest.fixture
async def sandbox_database(both_migrated: Templates) -> AsyncIterator[Database]:
    made = await both_migrated.clone(SANDBOX_FOLDER)
    yield made
    await both_migrated.drop(made)


@pytest.fixture(params=["ecollection", "snap"])
async def house(
    request: pytest.FixtureRequest,
    database: Database,
    sandbox_database: Database,
    keys: tuple[str, str],
) -> AsyncIterator[House]:
    """Both services, once over each protocol: nobody behind the port can tell which it is."""
    inner_gateway, callback, inner_sandbox, public = (_free_address() for _ in range(4))
    everything = {queue_name("bank-gateway"): _keys_of("bank-gateway"), AUDIENCE: set(REGISTER)}
    outside = Outside(SystemClock(), MemoryBus(everything))
    agreed = snap_contract(callback) if request.param == "snap" else ({}, {})
    gateway = gateway_main.build(
        GatewaySettings(
            database_url=database.url, principal_public_key=keys[1], listen=inner_gateway,
            public_listen=callback, vault_keys=base64.b64encode(b"k" * 32).decode(),
            base_url=f"http://{public}", allowed_networks="127.0.0.0/8", **BANK, **agreed[0],
        ),
        outside,
    )  # fmt: skip
    sandbox = sandbox_main.build(
        SandboxSettings(
            database_url=sandbox_database.url, principal_public_key=keys[1],
            listen=inner_sandbox, public_listen=public, retry_delays_seconds=(0.05, 0.5, 1, 2, 5),
            callback_url=f"http://{callback}/bni/ecollection/callback", **BANK, **agreed[1],
        ),
        outside,
    )  # fmt: skip
    made = House(outside.bus, HttpClient(f"http://{public}"))
    async with _running(made, gateway, sandbox):
        yield made


@asynccontextmanager
async def _running(house: House, *services: Service) -> AsyncIterator[None]:
    stopping, ready = asyncio.Event(), asyncio.Event()

    async def is_ready() -> None:
        ready.set()

    listening = asyncio.create_task(house.bus.consume(AUDIENCE, house.listen))
    running = asyncio.create_task(serve(list(services), stopping, is_ready))
    await asyncio.wait_for(ready.wait(), PATIENCE_SECONDS)
    yield
    await house.sandbox.close()
    stopping.set()
    await running
    await asyncio.wait([listening])


def _keys_of(service: str) -> set[str]:
    return {event.routing_key() for event in LISTENERS[service]}


def _free_address() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"
