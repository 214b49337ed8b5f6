"""``./lunas sandbox``: the simulated bank alone, for somebody else's program."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import uvloop
from rich.console import Console

from launcher import embedded, servers
from launcher.databases import database_of
from launcher.environment import Doors, Plan, environment_of, public_url, require_free, url
from launcher.errors import Refusal
from launcher.house import RESIDENTS
from launcher.installation import Installation
from launcher.provisioning import database_prefix, provision_house
from shared.clock import SystemClock
from shared.service import Service

CALLBACK_URL = "BNI_SANDBOX_CALLBACK_URL"


@dataclass(frozen=True)
class Choice:
    """What the person who starts it wants; ``callback_url`` is where notifications go."""

    data: Path
    listen: str
    callback_url: str


def run(choice: Choice, console: Console) -> None:
    """Start the simulated bank, stay in the foreground, stop it.

    Raises:
        Refusal: something is missing or in the way.
    """
    if urlsplit(choice.callback_url).scheme not in {"http", "https"}:
        raise Refusal(f"--callback harus alamat http atau https, bukan {choice.callback_url!r}.")
    require_free(choice.listen)
    installation = Installation(choice.data)
    installation.acquire()
    with ExitStack() as stack:
        stack.callback(installation.release)
        admin_url = stack.enter_context(servers.database(installation))
        sockets = stack.enter_context(servers.private_folder())
        plan = _plan(installation, admin_url, sockets, choice.listen)
        asyncio.run(provision_house(admin_url, plan.residents, plan.databases))
        embedded.log_to(installation.logs / "sandbox.log")
        environment = environment_of(plan) | {CALLBACK_URL: choice.callback_url}
        welcome = partial(_welcome, environment, choice, console)
        uvloop.run(embedded.run_together(plan.residents, environment, SystemClock(), welcome))
    console.print("Bank uji berhenti.")


def _plan(installation: Installation, admin_url: str, sockets: Path, listen: str) -> Plan:
    alone = tuple(each for each in RESIDENTS if each.outsider)
    password = installation.database_password
    prefix = f"{database_prefix()}_alone"  # not the one of a whole Lunas on the same server
    doors = Doors(gateway="127.0.0.1:8000", callback="127.0.0.1:8001", sandbox=listen)
    return Plan(
        residents=alone,
        databases={
            each.name: database_of(each.name, prefix, password(each.name)) for each in alone
        },
        admin_url=admin_url,
        broker_url="memory://",
        addresses={each.name: f"unix:{sockets / each.name}" for each in alone},
        doors=doors,
        public_url=public_url(doors),
        secrets=installation.secrets(),
        demo=False,
    )


async def _welcome(
    environment: dict[str, str], choice: Choice, console: Console, _: Sequence[Service]
) -> None:
    """Say what to type into one's own program; the secret is a simulated bank's."""
    say = partial(console.print, highlight=False, soft_wrap=True, markup=False)
    address = url(choice.listen, "localhost")
    say(f"  Halaman pembayar  {address}/")
    say(f"  Kendali           {address}/kendali")
    say(f"  Pemberitahuan ke  {choice.callback_url}")
    for name in ("BNI_CLIENT_ID", "BNI_PREFIX", "BNI_SECRET_KEY"):
        say(f"  {name:<17} {environment[name]}")
    say(f"Bank uji BNI siap: {address}")
