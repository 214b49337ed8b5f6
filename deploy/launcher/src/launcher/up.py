"""``./lunas up``: everything from an empty folder to open doors, and back again."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import uvloop
from rich.console import Console

from launcher import embedded, processes, servers, system
from launcher.broker import free_ports
from launcher.databases import drop
from launcher.demo import loading
from launcher.environment import Doors, Plan, admin_password, environment_of, public_url, url
from launcher.errors import Refusal
from launcher.house import is_production, who_runs
from launcher.installation import Installation
from launcher.provisioning import databases_of, provision_house
from shared.clock import SystemClock
from shared.service import Service

_BEGUN, _LOADED, _USED = "demo-begun", "demo", "used"


@dataclass(frozen=True)
class Choice:
    """What the person who starts it wants.

    Attributes:
        demo: have the demo company; never put into data that were begun without it.
        customers: how many people the demo company has.
    """

    data: Path
    host: str
    port_base: int
    processes: bool
    demo: bool
    customers: int = loading.CUSTOMERS


def run(choice: Choice, console: Console) -> None:
    """Start everything, stay in the foreground, stop everything.

    Raises:
        Refusal: something is missing or in the way.
    """
    with _prepared(choice, console) as house:
        if choice.processes:
            with servers.message_broker(house.installation) as broker_url:
                house.run_apart(broker_url)
        else:
            house.run_together()
    console.print("Lunas berhenti.")


def load_demo(choice: Choice, console: Console) -> None:
    """Load the demo company into an empty data folder, and stop.

    Raises:
        Refusal: there is something already.
    """
    if Installation(choice.data).marked(_USED):
        raise Refusal(f"{choice.data} sudah dipakai; data contoh hanya untuk folder yang kosong.")
    with _prepared(choice, console):
        console.print(f"Data contoh siap: {choice.customers} pelanggan.")


@contextmanager
def _prepared(choice: Choice, console: Console) -> Iterator[_House]:
    if is_production() and choice.demo:
        raise Refusal("Data contoh tidak boleh ada di produksi; jalankan dengan --no-demo.")
    system.require(system.TO_RUN)
    doors = Doors.at(choice.host, choice.port_base)
    doors.require_free()
    installation = Installation(choice.data)
    installation.acquire()
    with ExitStack() as stack:
        stack.callback(installation.release)
        admin_url = stack.enter_context(servers.database(installation))
        sockets = stack.enter_context(servers.private_folder())
        plan = _plan(installation, admin_url, sockets, doors, wants_demo=choice.demo)
        _provision(plan, installation)
        embedded.log_to(installation.logs / "lunas.log")
        if plan.demo and not installation.marked(_LOADED):
            installation.mark(_BEGUN)
            _load_demo(plan, choice.customers, console)
            installation.mark(_LOADED)
        installation.mark(_USED)
        yield _House(plan, installation, console)


def _load_demo(plan: Plan, customers: int, console: Console) -> None:
    console.print("Menyiapkan perusahaan contoh; sekali ini saja, satu sampai dua menit.")
    with console.status("Membuka kantor ...") as status:
        uvloop.run(
            loading.load(plan, customers, lambda day: status.update(f"Sampai {day:%d-%m-%Y} ..."))
        )


@dataclass(frozen=True)
class _House:
    """Everything is in place; only the doors are still closed."""

    plan: Plan
    installation: Installation
    console: Console

    def run_together(self) -> None:
        """Run all services in this process."""
        environment = environment_of(self.plan)
        uvloop.run(
            embedded.run_together(self.plan.residents, environment, SystemClock(), self._welcome)
        )

    def run_apart(self, broker_url: str) -> None:
        """Run each service as a process of its own."""
        ports = free_ports(len(self.plan.residents))
        names = [each.name for each in self.plan.residents]
        addresses = {name: f"127.0.0.1:{port}" for name, port in zip(names, ports, strict=True)}
        (self.installation.folder / "addresses.json").write_text(json.dumps(addresses, indent=2))
        plan = replace(self.plan, broker_url=broker_url, addresses=addresses)
        house = processes.House(plan.residents, environment_of(plan), self.installation.folder)
        asyncio.run(processes.run_apart(house, addresses, self._welcome))

    async def _welcome(self, _: Sequence[Service] = ()) -> None:
        doors, say = self.plan.doors, partial(self.console.print, highlight=False, soft_wrap=True)
        say(f"  Bank uji BNI      {url(doors.sandbox, 'localhost')}")
        say(f"  Callback bank     {url(doors.callback, 'localhost')}")
        if self.plan.demo:
            say(f"  Masuk sebagai     {loading.sign_ins()}")
        elif "LUNAS_ADMIN_PASSWORD" not in os.environ:
            first = admin_password(self.plan.secrets)
            say(f"  Admin pertama     admin; kata sandi {first} (segera ganti)")
        say(f"Lunas siap: {url(doors.gateway, 'localhost')}")


def _plan(
    installation: Installation, admin_url: str, sockets: Path, doors: Doors, *, wants_demo: bool
) -> Plan:
    residents = who_runs()
    names = [each.name for each in residents]
    passwords = {name: installation.database_password(name) for name in names}
    return Plan(
        residents=residents,
        databases=databases_of(residents, passwords),
        admin_url=admin_url,
        broker_url="memory://",
        addresses={name: f"unix:{sockets / name}" for name in names},
        doors=doors,
        public_url=public_url(doors),
        secrets=installation.secrets(),
        demo=wants_demo and (installation.marked(_LOADED) or not installation.marked(_USED)),
    )


def _provision(plan: Plan, installation: Installation) -> None:
    """Provision; what an interrupted loading of the demo left is thrown away first."""
    if installation.marked(_BEGUN) and not installation.marked(_LOADED):
        asyncio.run(drop(plan.admin_url, plan.databases.values()))
        installation.unmark(_BEGUN)
    asyncio.run(provision_house(plan.admin_url, plan.residents, plan.databases))
