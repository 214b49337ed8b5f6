"""Reaching the records of an installation from beside it, whether it runs or not."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher import servers, verifying
from launcher.databases import application_url
from launcher.environment import Doors, Plan, environment_of, public_url
from launcher.errors import Refusal
from launcher.house import who_runs
from launcher.installation import Installation
from launcher.provisioning import databases_of, given_passwords, passwords_of
from launcher.republishing import republish
from launcher.verifying import Tell
from shared.bus.memory import MemoryBus
from shared.clock import SystemClock
from shared.service import Outside


@contextmanager
def urls_of(data: Path) -> Iterator[Mapping[str, str]]:
    """Give the address of every service's database."""
    with _plan_of(data) as plan:
        yield _urls(plan)


def verify(data: Path, tell: Tell) -> bool:
    """Recompute everybody's books and compare them; tell line by line, and whether all agree."""
    with _plan_of(data) as plan:
        os.environ.update(environment_of(plan))
        return asyncio.run(_verify(plan, tell))


async def _verify(plan: Plan, tell: Tell) -> bool:
    outside = Outside(SystemClock(), MemoryBus())
    services = [each.build(outside) for each in plan.residents]
    try:
        return await verifying.verify(services, tell)
    finally:
        for service in services:
            await service.engine.dispose()


def republish_to(service: str, data: Path) -> int:
    """Fill a service's read model again; give how many events it was given.

    Raises:
        Refusal: there is no such service.
    """
    target = next((each for each in who_runs() if each.name == service), None)
    if target is None:
        raise Refusal(f"Tidak ada layanan {service}.")
    with _plan_of(data) as plan:
        os.environ.update(environment_of(plan))
        return asyncio.run(republish(target, _urls(plan)))


@contextmanager
def _plan_of(data: Path) -> Iterator[Plan]:
    """Give the house as it would be run, with nobody at home."""
    residents, doors = who_runs(), Doors.at("127.0.0.1", 8000)
    with _reached(data) as (installation, admin_url):
        yield Plan(
            residents=residents,
            databases=databases_of(residents, passwords_of(installation.folder)),
            admin_url=admin_url,
            broker_url="memory://",
            addresses={each.name: "unix:/nowhere" for each in residents},
            doors=doors,
            public_url=public_url(doors),
            secrets=installation.secrets(),
            demo=False,
        )


@contextmanager
def _reached(data: Path) -> Iterator[tuple[Installation, str]]:
    """Give an installation with the address of its server: the folder's, or the containers'.

    Containers have no data folder: the environment names server and passwords, and reading the
    records needs none of the other secrets.

    Raises:
        Refusal: there are no data, or Lunas is just starting or stopping.
    """
    given = os.environ.get("DATABASE_URL")
    if given and given_passwords():
        with servers.private_folder() as folder:
            yield Installation(folder), given
        return
    installation = Installation(data)
    with servers.reached_database(installation) as admin_url:
        yield installation, admin_url


def _urls(plan: Plan) -> dict[str, str]:
    return {name: application_url(plan.admin_url, each) for name, each in plan.databases.items()}
