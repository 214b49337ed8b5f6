"""Commands beside Lunas reach the records of containers, which have no data folder (M11, R5)."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import asyncpg
import pytest

from launcher import provisioning
from launcher.databases import Database, drop
from launcher.house import RESIDENTS


@pytest.fixture
def containers(admin_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """Provisioned databases, and the environment in which the one-shot container runs."""
    environment = {
        "DATABASE_URL": admin_url,
        "LUNAS_DATABASE_PREFIX": f"t{secrets.token_hex(4)}",
        **{f"{each.prefix}DATABASE_PASSWORD": secrets.token_hex(8) for each in RESIDENTS},
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    made = provisioning.databases_of(RESIDENTS, provisioning.given_passwords())
    yield environment
    asyncio.run(leave_nothing(admin_url, made.values()))


async def leave_nothing(admin_url: str, made: Iterable[Database]) -> None:
    await drop(admin_url, made)
    server = await asyncpg.connect(admin_url)
    for database in made:
        await server.execute(f'DROP ROLE IF EXISTS "{database.name}", "{database.owner}"')
    await server.close()


def run(
    words: list[str], environment: dict[str, str], folder: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "launcher", *words],
        env={**os.environ, **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_m11_containers_are_verified_without_a_data_folder(
    containers: dict[str, str], tmp_path: Path
) -> None:
    assert run(["provision"], containers, tmp_path).returncode == 0

    verified = run(["verify"], containers, tmp_path)
    letters = run(["dlq", "list"], containers, tmp_path)

    assert verified.returncode == 0, verified.stdout
    assert "Buku cocok: setiap rupiah terjelaskan" in verified.stdout
    assert (letters.returncode, letters.stdout) == (0, "Tidak ada.\n"), letters.stderr
    assert list(tmp_path.iterdir()) == []
