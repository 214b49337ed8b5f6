"""The embedded server comes up fast, keeps what it was given, and survives being killed (R6)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest

from launcher.errors import Refusal
from launcher.installation import Installation
from launcher.postgres import EmbeddedPostgres

KILLED_LAUNCHER = """
import os, signal, sys
from pathlib import Path
from launcher.postgres import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), "secret")
server.start()
print(server.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def folder(open_folder: Path) -> Path:
    return open_folder / "server"


async def run(server_url: str, statement: str) -> object:
    connection = await asyncpg.connect(server_url)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


class TestLife:
    async def test_what_was_committed_is_there_after_a_clean_stop(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, "secret")
        url = server.start().admin_url()
        await run(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        server.stop()

        url = server.start().admin_url()
        answer = await run(url, "SELECT answer FROM kept")
        server.stop()

        assert answer == 42

    async def test_it_is_durable_and_not_on_the_network(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, "secret")
        url = server.start().admin_url()
        settings = {
            name: await run(url, f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "full_page_writes", "listen_addresses")
        }
        server.stop()

        assert settings == {
            "fsync": "on",
            "synchronous_commit": "on",
            "full_page_writes": "on",
            "listen_addresses": "",
        }

    async def test_a_wrong_password_is_refused_on_the_socket_too(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, "secret")
        url = server.start().admin_url()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await run(url.replace("secret", "guess"), "SELECT 1")
        server.stop()

    async def test_a_data_folder_with_a_long_path_works(self, open_folder: Path) -> None:
        server = EmbeddedPostgres(open_folder / ("long" * 30), "secret", durable=False)
        url = server.start().admin_url()
        answer = await run(url, "SELECT 1")
        server.stop()

        assert answer == 1


class TestDeath:
    async def test_r6_a_killed_server_recovers_what_was_committed(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, "secret")
        url = server.start().admin_url()
        await run(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(server.pid, signal.SIGKILL)
        server.stop()

        url = EmbeddedPostgres.start(server).admin_url()
        answer = await run(url, "SELECT answer FROM kept")
        server.stop()

        assert answer == 42

    def test_r6_a_server_left_alone_by_a_killed_launcher_is_replaced(self, folder: Path) -> None:
        orphan = subprocess.run(
            [sys.executable, "-c", KILLED_LAUNCHER, str(folder)], capture_output=True, check=False
        )
        server = EmbeddedPostgres(folder, "secret")
        server.start()
        pid = server.pid
        server.stop()

        assert orphan.returncode == -signal.SIGKILL
        assert pid != int(orphan.stdout)

    def test_r6_a_stale_pid_file_that_names_another_process_is_ignored(self, folder: Path) -> None:
        server = EmbeddedPostgres(folder, "secret")
        server.start()
        server.stop()
        status = folder / "cluster" / "postmaster.pid"
        status.write_text(f"{os.getpid()}\n{folder / 'cluster'}\n0\n5432\n\n\n\nready\n")

        server.start()
        server.stop()

        assert not status.exists()

    def test_a_half_made_cluster_is_made_again(self, folder: Path) -> None:
        (folder / "cluster.new").mkdir(parents=True)
        (folder / "cluster.new" / "rubbish").touch()
        server = EmbeddedPostgres(folder, "secret", durable=False)
        server.start()
        server.stop()

        assert not (folder / "cluster.new").exists()


class TestOneLauncherPerFolder:
    def test_a_second_start_on_the_same_data_is_refused_with_a_sentence(self, folder: Path) -> None:
        first, second = Installation(folder), Installation(folder)
        first.acquire()

        with pytest.raises(Refusal, match="Lunas lain sedang berjalan"):
            second.acquire()

        first.release()
        second.acquire()
        second.release()
