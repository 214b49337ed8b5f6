"""``./lunas up``: everything from an empty folder to open doors, and back again."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console

from launcher import broker, embedded, processes, system
from launcher.broker import PrivateBroker
from launcher.databases import PREFIX, drop
from launcher.demo import loading
from launcher.environment import Doors, Plan, environment_of, url
from launcher.errors import Refusal
from launcher.house import RESIDENTS, Resident
from launcher.installation import Installation
from launcher.postgres import EmbeddedPostgres
from launcher.provisioning import databases_of, provision_house
from shared.clock import SystemClock
from shared.service import Service

INNER_PORTS = 10  # the inner ports of --processes begin this far above the doors
_BEGUN, _LOADED = "demo-begun", "demo"


@dataclass(frozen=True)
class Choice:
    """What the person who starts it wants."""

    data: Path
    host: str
    port_base: int
    processes: bool
    demo: bool

    @property
    def production(self) -> bool:
        """Tell whether this is the real thing."""
        return os.environ.get("LUNAS_PROFILE") == "production"

    @property
    def residents(self) -> Sequence[Resident]:
        """Give who runs: the simulated bank only where no real one is named."""
        real_bank = self.production or "BNI_BASE_URL" in os.environ
        return [each for each in RESIDENTS if not (each.outsider and real_bank)]


def run(choice: Choice, console: Console) -> None:
    """Start everything, stay in the foreground, stop everything.

    Raises:
        Refusal: something is missing or in the way.
    """
    if choice.production and choice.demo:
        raise Refusal("Data contoh tidak boleh ada di produksi; jalankan dengan --no-demo.")
    system.require(system.TO_RUN)
    installation = Installation(choice.data)
    installation.acquire()
    with ExitStack() as stack:
        stack.callback(installation.release)
        admin_url = stack.enter_context(_database(installation))
        plan = _plan(choice, installation, admin_url, stack.enter_context(_private_folder()))
        _prepare(plan, installation)
        embedded.log_to(installation.logs / "lunas.log")
        if choice.demo and not installation.marked(_LOADED):
            _load_demo(plan, installation, console)
        opened = _Opened(choice, plan, console)
        if choice.processes:
            opened.apart(stack.enter_context(_broker(installation)), installation)
        else:
            opened.together()
    console.print("Lunas berhenti.")


@dataclass(frozen=True)
class _Opened:
    """The doors are open; who comes in is told where to go."""

    choice: Choice
    plan: Plan
    console: Console

    def together(self) -> None:
        """Run all services in this process."""
        environment = environment_of(self.plan)
        asyncio.run(
            embedded.run_together(self.plan.residents, environment, SystemClock(), self._welcome)
        )

    def apart(self, broker_url: str, installation: Installation) -> None:
        """Run each service as a process of its own."""
        first = self.choice.port_base + INNER_PORTS
        addresses = {
            each.name: f"127.0.0.1:{first + no}" for no, each in enumerate(self.plan.residents)
        }
        plan = replace(self.plan, broker_url=broker_url, addresses=addresses)
        house = processes.House(plan.residents, environment_of(plan), installation.folder)
        asyncio.run(processes.run_apart(house, addresses, self._welcome))

    async def _welcome(self, _: Sequence[Service] = ()) -> None:
        doors, say = self.plan.doors, self.console.print
        say(f"  Bank uji BNI      {url(doors.sandbox, 'localhost')}", highlight=False)
        say(f"  Callback bank     {url(doors.callback, 'localhost')}", highlight=False)
        if self.choice.demo:
            say(f"  Masuk sebagai     {loading.sign_ins()}", highlight=False)
        say(f"Lunas siap: {url(doors.gateway, 'localhost')}", highlight=False)


def _plan(choice: Choice, installation: Installation, admin_url: str, sockets: Path) -> Plan:
    secrets = installation.secrets()
    names = [each.name for each in choice.residents]
    passwords = {name: installation.database_password(name) for name in names}
    return Plan(
        residents=choice.residents,
        databases=databases_of(choice.residents, PREFIX, passwords),
        admin_url=admin_url,
        broker_url="memory://",
        addresses={name: f"unix:{sockets / name}" for name in names},
        doors=Doors.at(choice.host, choice.port_base),
        secrets=secrets,
    )


def _prepare(plan: Plan, installation: Installation) -> None:
    """Provision; what an interrupted loading of the demo left is thrown away first."""
    if installation.marked(_BEGUN) and not installation.marked(_LOADED):
        asyncio.run(drop(plan.admin_url, plan.databases.values()))
        installation.unmark(_BEGUN)
    asyncio.run(provision_house(plan.admin_url, plan.residents, plan.databases))


def _load_demo(plan: Plan, installation: Installation, console: Console) -> None:
    """Tell the demo's story behind closed doors, once per data folder."""
    installation.mark(_BEGUN)
    with console.status("Menyiapkan data contoh ..."):
        asyncio.run(loading.load(plan, loading.CUSTOMERS))
    installation.mark(_LOADED)


@contextmanager
def _database(installation: Installation) -> Iterator[str]:
    given = os.environ.get("DATABASE_URL")
    if given:
        yield given
        return
    password = installation.secrets().text("database/admin")
    server = EmbeddedPostgres(installation.folder / "postgres", password)
    try:
        yield server.start().admin_url()
    finally:
        server.stop()


@contextmanager
def _broker(installation: Installation) -> Iterator[str]:
    given = os.environ.get("AMQP_URL")
    if given or asyncio.run(broker.answers(broker.DEFAULT_URL)):
        yield given or broker.DEFAULT_URL
        return
    system.require(system.BROKER)
    password = installation.secrets().text("broker/admin")
    server = PrivateBroker(installation.folder / "rabbitmq", password)
    try:
        yield server.start()
    finally:
        server.stop()


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Make a folder for sockets; their paths must be short, and nobody else's business."""
    path = Path(tempfile.mkdtemp(prefix="lunas-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
