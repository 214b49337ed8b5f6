"""Starts Lunas as a user does, ``./lunas up``, on servers and ports of its own; stops and kills."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import subprocess
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import aio_pika
import asyncpg
import httpx
import stamina

from shared.bus.topology import topology

ROOT = Path(__file__).parents[3]
START_SECONDS = 280  # two demo companies are loaded at once where tests run side by side
STOP_SECONDS = 40
ADMIN_PASSWORD = "sandi-admin-untuk-cerita"


stamina.instrumentation.set_on_retry_hooks([])  # what waits is not news


def eventually(timeout: float = 30.0) -> Iterator[stamina.Attempt]:
    """Try a block again until its assertions hold, at most ``timeout`` seconds."""
    return iter(
        stamina.retry_context(
            on=(AssertionError, httpx.TransportError),
            attempts=None,
            timeout=timeout,
            wait_initial=0.05,
            wait_max=0.4,
            wait_jitter=0,
        )
    )


def _run_apart(work: Coroutine[Any, Any, None]) -> None:
    """Run it in a thread of its own: the browser's loop may be running in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(asyncio.run, work).result()


def free_port_base() -> int:
    """Find three neighbouring ports that nobody uses."""
    for base in range(21000 + secrets.randbelow(2000) * 4, 40000, 4):
        if all(_free(base + offset) for offset in range(3)):
            return base
    raise RuntimeError("no free ports")


def _free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@dataclass
class House:
    """One running Lunas.

    Attributes:
        profile: ``embedded`` or ``processes``.
        folder: its data; given again, it starts on the same data.
        settings: what differs from a house as it comes, by the names of the environment.
    """

    profile: str
    folder: Path
    ready_words = "Lunas siap"
    demo: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)
    port_base: int = field(default_factory=free_port_base)
    prefix: str = field(default_factory=lambda: f"ls{secrets.token_hex(4)}")
    clients: list[httpx.Client] = field(default_factory=list)
    _process: subprocess.Popen[str] | None = None
    _log: IO[str] | None = None

    @property
    def gateway(self) -> str:
        """Address of the one door."""
        return f"http://localhost:{self.port_base}"

    @property
    def callback(self) -> str:
        """Address that the bank calls."""
        return f"http://localhost:{self.port_base + 1}"

    @property
    def bank(self) -> str:
        """Address of the sandbox."""
        return f"http://localhost:{self.port_base + 2}"

    def start(self) -> None:
        """Run ``./lunas`` and wait until it says that it is ready."""
        command = [str(ROOT / "lunas"), *self.command(), "--data", str(self.folder)]
        self.folder.mkdir(parents=True, exist_ok=True)
        self._log = (self.folder / "up.log").open("a")
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self._environment(),
            stdout=self._log,
            stderr=self._log,
            text=True,
        )
        said = self._said()
        for attempt in eventually(START_SECONDS):
            with attempt:
                if self._process.poll() is not None:
                    raise RuntimeError(f"lunas ended: {self._said()[-3000:]}")
                assert self.ready_words in self._said()[len(said) :], self._said()[-2000:]

    def command(self) -> list[str]:
        """Give what is typed after ``./lunas``."""
        command = ["up", "--port-base", str(self.port_base)]
        command += ["--processes"] if self.profile == "processes" else []
        return command + ([] if self.demo else ["--no-demo"])

    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": os.environ["LUNAS_TEST_DATABASE_URL"],
            "AMQP_URL": os.environ["LUNAS_TEST_AMQP_URL"],
            "LUNAS_DATABASE_PREFIX": self.prefix,
            "LUNAS_BROKER_NAMESPACE": self.prefix,
            "LUNAS_ADMIN_PASSWORD": ADMIN_PASSWORD,
            **self.settings,
        }

    def _said(self) -> str:
        return (self.folder / "up.log").read_text()

    def beside(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``./lunas`` with these words beside the house."""
        command = [str(ROOT / "lunas"), *words, "--data", str(self.folder)]
        return subprocess.run(
            command, cwd=ROOT, env=self._environment(), capture_output=True, text=True, check=False
        )

    def kill(self, service: str) -> None:
        """SIGKILL one service of the processes profile; the launcher starts it again."""
        pid_file = self.folder / "pids" / service
        killed = int(pid_file.read_text())
        os.kill(killed, signal.SIGKILL)
        for attempt in eventually(60):
            with attempt:
                assert pid_file.exists()
                assert int(pid_file.read_text() or killed) != killed

    def crash(self) -> None:
        """SIGKILL the whole of the embedded profile."""
        assert self._process is not None
        self._process.kill()
        self._ended()

    def stop(self) -> int:
        """Stop as Ctrl-C does; give the exit code."""
        for client in self.clients:
            client.close()
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        return self._ended()

    def _ended(self) -> int:
        assert self._process is not None
        code = self._process.wait(STOP_SECONDS)
        if self._log:
            self._log.close()
        return code

    def remove(self) -> None:
        """Leave no databases, roles or queues behind."""
        _run_apart(self._drop_databases())
        if self.profile == "processes":
            _run_apart(self._delete_queues())

    async def _drop_databases(self) -> None:
        connection = await asyncpg.connect(os.environ["LUNAS_TEST_DATABASE_URL"])
        try:
            like = f"{self.prefix}\\_%"
            found = await connection.fetch(
                "SELECT datname FROM pg_database WHERE datname LIKE $1", like
            )
            for row in found:
                await connection.execute(f'DROP DATABASE "{row["datname"]}" WITH (FORCE)')
            found = await connection.fetch(
                "SELECT rolname FROM pg_roles WHERE rolname LIKE $1", like
            )
            for row in found:
                await connection.execute(f'DROP ROLE "{row["rolname"]}"')
        finally:
            await connection.close()

    async def _delete_queues(self) -> None:
        async with await aio_pika.connect(os.environ["LUNAS_TEST_AMQP_URL"]) as connection:
            channel = await connection.channel()
            for name in topology():
                queue = name.replace("lunas", self.prefix, 1)
                await channel.queue_delete(queue)
                await channel.queue_delete(f"{queue}.dead")
            await channel.exchange_delete(f"{self.prefix}.events")
            await channel.exchange_delete(f"{self.prefix}.dead")
