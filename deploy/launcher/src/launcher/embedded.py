"""The embedded profile: every service in this process, on one event loop, over ``memory://``."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog

from launcher.house import Resident
from launcher.readiness import until_ready
from shared.bus.memory import MemoryBus
from shared.clock import Clock
from shared.logs import configure
from shared.server import serve, stop_on_signals
from shared.service import Outside, Service


async def run_together(
    residents: Sequence[Resident],
    environment: Mapping[str, str],
    clock: Clock,
    when_ready: Callable[[Sequence[Service]], Coroutine[Any, Any, None]],
    stopping: asyncio.Event | None = None,
) -> None:
    """Run these residents until told to stop; ``when_ready`` is called once all are ready.

    Being told to stop also ends ``when_ready``.

    Raises:
        Refusal: a service does not become ready.
    """
    told = stopping or stop_on_signals()
    with _exported(environment):
        outside = Outside(clock, MemoryBus())
        services = [resident.build(outside) for resident in residents]

        async def ready() -> None:
            await until_ready({each.name: each.settings.listen for each in services})
            await _unless(told, when_ready(services))

        await serve(services, told, ready)


@contextmanager
def _exported(environment: Mapping[str, str]) -> Iterator[None]:
    """Set these variables; afterwards the environment is as it was, for whatever runs next."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def log_to(path: Path, level: str = "info") -> None:
    """Send the logs of all services to one file, so that the terminal stays readable."""
    file = path.open("a", buffering=1)
    logging.basicConfig(
        stream=file, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s"
    )
    configure(level, "json")
    structlog.configure(
        **{**structlog.get_config(), "logger_factory": structlog.PrintLoggerFactory(file)}
    )


async def _unless(told: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work, but drop it when told to stop."""
    task = asyncio.create_task(work)
    stop = asyncio.create_task(told.wait())
    await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
    for unfinished in (task, stop):
        unfinished.cancel()
    if task.done():
        task.result()
