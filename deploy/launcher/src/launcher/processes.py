"""The processes profile: one child per service, looked after until told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from launcher.children import end_with_parent
from launcher.house import Resident
from launcher.readiness import until_ready
from shared.server import stop_on_signals

STOP_SECONDS = 20
_LONGEST_PAUSE_SECONDS = 15.0
_STEADY_SECONDS = 30.0


@dataclass(frozen=True)
class Child:
    """One service as a process of its own.

    Attributes:
        pid_file: holds the number of the present process, for whoever wants to look or kill.
    """

    name: str
    package: str
    log: Path
    pid_file: Path


@dataclass(frozen=True)
class House:
    """Who runs, with which settings, and where logs and process numbers go."""

    residents: Sequence[Resident]
    environment: Mapping[str, str]
    folder: Path


async def run_apart(
    house: House, addresses: Mapping[str, str], when_ready: Callable[[], Awaitable[None]]
) -> None:
    """Run one process per resident until SIGTERM or Ctrl-C; one that dies is started again.

    Raises:
        Refusal: a service does not become ready.
    """
    stopping = stop_on_signals()
    environment = {**os.environ, **house.environment}
    children = [_child(resident, house.folder) for resident in house.residents]
    tasks = [asyncio.create_task(_look_after(child, environment, stopping)) for child in children]
    opening = asyncio.create_task(_open(addresses, when_ready))
    told = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait([opening, told], return_when=asyncio.FIRST_COMPLETED)
        if opening.done():
            opening.result()
        await stopping.wait()
    finally:
        opening.cancel()
        stopping.set()
        await asyncio.gather(*tasks)


async def _open(addresses: Mapping[str, str], when_ready: Callable[[], Awaitable[None]]) -> None:
    await until_ready(addresses)
    await when_ready()


def _child(resident: Resident, folder: Path) -> Child:
    for name in ("logs", "pids"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return Child(
        resident.name,
        resident.package,
        folder / "logs" / f"{resident.name}.log",
        folder / "pids" / resident.name,
    )


async def _look_after(
    child: Child, environment: Mapping[str, str], stopping: asyncio.Event
) -> None:
    """Start the child, and again with growing pauses whenever it dies."""
    pause = 0.5
    while not stopping.is_set():
        started = time.monotonic()
        code = await _live(child, environment, stopping)
        if stopping.is_set():
            return
        if time.monotonic() - started > _STEADY_SECONDS:
            pause = 0.5
        Console(stderr=True).print(
            f"{child.name} berhenti (kode {code}); dihidupkan lagi dalam {pause:g} detik",
            style="red",
        )
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def _live(child: Child, environment: Mapping[str, str], stopping: asyncio.Event) -> int:
    """Run the child once; give its exit code."""
    with child.log.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"{child.package}.main",
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=end_with_parent(signal.SIGTERM),
        )
    child.pid_file.write_text(f"{process.pid}\n")
    ended = asyncio.create_task(process.wait())
    told = asyncio.create_task(stopping.wait())
    await asyncio.wait([ended, told], return_when=asyncio.FIRST_COMPLETED)
    told.cancel()
    if not ended.done():
        await _stop(process, ended)
    child.pid_file.unlink(missing_ok=True)
    return await ended


async def _stop(process: asyncio.subprocess.Process, ended: asyncio.Task[int]) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    await asyncio.wait([ended], timeout=STOP_SECONDS)
    if not ended.done():
        with suppress(ProcessLookupError):
            process.kill()
