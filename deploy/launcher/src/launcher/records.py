"""Reaching the records of an installation from beside it, whether it runs or not."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from launcher import servers
from launcher.databases import application_url
from launcher.environment import Doors, Plan, environment_of, public_url
from launcher.errors import Refusal
from launcher.house import who_runs
from launcher.installation import Installation
from launcher.provisioning import databases_of, passwords_of
from launcher.republishing import republish


@contextmanager
def urls_of(data: Path) -> Iterator[Mapping[str, str]]:
    """Give the address of every service's database."""
    with _plan_of(data) as plan:
        yield _urls(plan)


def verify(data: Path) -> int:
    """Ask reconciliation whether every rupiah is explained; give the exit code."""
    with _plan_of(data) as plan:
        environment = {**os.environ, **environment_of(plan)}
        command = [sys.executable, "-m", "reconciliation.verify"]
        return subprocess.run(command, env=environment, check=False).returncode


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
    installation, residents = Installation(data), who_runs()
    doors = Doors.at("127.0.0.1", 8000)
    with servers.reached_database(installation) as admin_url:
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


def _urls(plan: Plan) -> dict[str, str]:
    return {name: application_url(plan.admin_url, each) for name, each in plan.databases.items()}
