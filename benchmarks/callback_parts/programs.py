"""The programs of a measurement as processes: a server, the sender, ``pgbench``."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from callback_parts import notices
from callback_parts.snap_notices import VAULT_KEYS
from launcher.children import end_with_parent
from launcher.postgres import program
from shared.principal import generate_keys

HERE = Path(__file__).parent
INSERT = HERE / "insert.pgbench"
_STOP_SECONDS = 20
_LOOK_SECONDS = 0.05
_RATE = re.compile(r"^tps = ([0-9.]+) \(without", re.MULTILINE)
_LATENCY = re.compile(r"^latency average = ([0-9.]+) ms", re.MULTILINE)
_PROCESSED = re.compile(r"^number of transactions actually processed: ([0-9]+)/", re.MULTILINE)


def settings_of(database_url: str, port: int) -> dict[str, str]:
    """Give the environment of a server that takes notifications on a port of this machine."""
    return {
        **os.environ,
        "PYTHONPATH": str(HERE.parent),
        "BANK_GATEWAY_DATABASE_URL": database_url,
        "BANK_GATEWAY_PUBLIC_LISTEN": f"127.0.0.1:{port}",
        "BANK_GATEWAY_VAULT_KEYS": VAULT_KEYS,
        "BANK_GATEWAY_PRINCIPAL_PUBLIC_KEY": generate_keys()[1],
        "BNI_BASE_URL": "http://127.0.0.1:1",
        "BNI_CLIENT_ID": notices.KEY.client_id,
        "BNI_SECRET_KEY": notices.KEY.secret,
        "BNI_PREFIX": notices.PREFIX,
        "BNI_ALLOWED_NETWORKS": "127.0.0.0/8",
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Server:
    """One of our servers, running until ``stop``.

    Attributes:
        last_words: what it printed on its way out.
    """

    module: str
    database_url: str
    arguments: tuple[str, ...] = ()
    more_settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    last_words: str = ""

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            RuntimeError: it ended instead.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-m", self.module, *self.arguments],
            env=settings_of(self.database_url, self.port) | self.more_settings,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
        while self._process.poll() is None:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(_LOOK_SECONDS)
        raise RuntimeError(f"{self.module} did not start")

    @property
    def pid(self) -> int:
        return self._process.pid

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self._process.send_signal(signal.SIGTERM)
        self.last_words, _ = self._process.communicate(timeout=_STOP_SECONDS)


def send(protocol: str, port: int, clients: int, first: int, count: int) -> dict[str, Any]:
    """Send notifications from a process of their own; give what ``sending`` prints."""
    words = [protocol, *(str(number) for number in (port, clients, first, count))]
    command = [sys.executable, "-m", "callback_parts.sending", *words]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    result = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@dataclass(frozen=True)
class Inserted:
    """What ``pgbench`` says of itself."""

    per_second: float
    latency_ms: float
    count: int


def insert(
    database_url: str, clients: int, first: int, count: int, texts: Mapping[str, str]
) -> Inserted:
    """Insert the rows of notifications by ``pgbench``: prepared, one statement a transaction."""
    numbers = {"first": first, "clients": clients, "n": 0}
    variables = {**{name: str(number) for name, number in numbers.items()}, **texts}
    defined = [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    command = [
        *(str(program("pgbench")), "--no-vacuum", "--protocol=prepared", f"--file={INSERT}"),
        *(f"--client={clients}", f"--jobs={min(clients, 2)}"),
        *(f"--transactions={count // clients}", *defined, database_url),
    ]
    environment = {**os.environ, "PGOPTIONS": "-c lunas.scope=all"}
    result = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    rate, latency, done = (
        pattern.search(result.stdout) for pattern in (_RATE, _LATENCY, _PROCESSED)
    )
    assert rate is not None, result.stdout
    assert latency is not None
    assert done is not None
    return Inserted(float(rate[1]), float(latency[1]), int(done[1]))
