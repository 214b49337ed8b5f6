"""RabbitMQ: the one that answers already, or a private one in our own folder."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

import aio_pika
from aiormq.exceptions import AMQPError

from launcher.children import end, end_with_parent
from launcher.errors import Refusal

DEFAULT_URL = "amqp://guest:guest@127.0.0.1:5672/"
START_SECONDS = 90
STOP_SECONDS = 15
_LOOK_SECONDS = 0.2  # the broker tells nobody that it is up; it can only be asked
_PROGRAM = "/usr/lib/rabbitmq/bin/rabbitmq-server"  # Debian's wrapper on PATH insists on root


async def answers(url: str) -> bool:
    """Tell whether a broker lets us in at this address."""
    try:
        connection = await aio_pika.connect(url, timeout=5)
    except (OSError, AMQPError, TimeoutError):
        return False
    await connection.close()
    return True


def program() -> Path | None:
    """Find the server that is installed here."""
    found = _PROGRAM if Path(_PROGRAM).exists() else shutil.which("rabbitmq-server")
    return Path(found) if found else None


class PrivateBroker:
    """One RabbitMQ node with its own name, ports, folder and cookie, on the loopback only."""

    def __init__(self, folder: Path, password: str) -> None:
        self._folder = folder.resolve()
        self._password = password
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> str:
        """Start it, wait until it takes connections, and give its address.

        Raises:
            Refusal: it is not installed, or does not come up.
        """
        server = program()
        if server is None:
            raise Refusal(
                "RabbitMQ tidak ditemukan. Pasang dulu: sudo apt-get install -y rabbitmq-server, "
                "atau isi AMQP_URL dengan alamat broker yang sudah ada."
            )
        self._folder.mkdir(parents=True, exist_ok=True)
        port, *inner = free_ports(3)
        environment = self._environment(*inner)
        self._write_settings(port)
        self._spawn(_name_server(inner[1]), environment)
        self._spawn([str(server)], environment)
        url = f"amqp://lunas:{self._password}@127.0.0.1:{port}/"
        self._wait_until_ready(url)
        return url

    def stop(self) -> None:
        """Stop the node, then its name server."""
        for process in reversed(self._processes):
            end(process, within_seconds=STOP_SECONDS)
        self._processes.clear()

    def _spawn(self, command: list[str], environment: dict[str, str]) -> None:
        with (self._folder / "rabbitmq.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=end_with_parent(signal.SIGTERM),
            )
        self._processes.append(process)

    def _environment(self, distribution_port: int, names_port: int) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self._folder),  # the cookie is made and kept here
            "LANG": "C.UTF-8",
            "ERL_EPMD_PORT": str(names_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": "lunas@localhost",  # alone under its own name server
            "RABBITMQ_DIST_PORT": str(distribution_port),
            "RABBITMQ_MNESIA_DIR": str(self._folder / "node"),
            "RABBITMQ_LOG_BASE": str(self._folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self._folder / "rabbitmq"),
            "RABBITMQ_CONF_ENV_FILE": str(self._folder / "none"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self._folder / "plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _write_settings(self, port: int) -> None:
        (self._folder / "plugins").write_text("[].\n")
        settings = self._folder / "rabbitmq.conf"
        settings.touch(mode=0o600)
        settings.write_text(
            f"listeners.tcp.local = 127.0.0.1:{port}\n"
            f"default_user = lunas\ndefault_pass = {self._password}\n"
            "log.console = true\nlog.console.level = warning\nlog.file = false\n"
        )

    def _wait_until_ready(self, url: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._processes[-1].poll() is not None:
                break
            if _listens(url) and asyncio.run(answers(url)):
                return
            time.sleep(_LOOK_SECONDS)
        self.stop()
        raise Refusal(f"RabbitMQ tidak mau hidup; lihat {self._folder / 'rabbitmq.log'}")


def _name_server(port: int) -> list[str]:
    return [shutil.which("epmd") or "epmd", "-address", "127.0.0.1", "-port", str(port)]


def _listens(url: str) -> bool:
    parts = urlsplit(url)
    with (
        contextlib.suppress(OSError),
        socket.create_connection((parts.hostname, parts.port), timeout=1),
    ):
        return True
    return False


def free_ports(count: int) -> list[int]:
    """Ask the system for ports that nobody uses; all are held until the last is known."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
