"""Serving apps with uvicorn: on ``host:port`` or ``unix:/path``, several in one process."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import uvicorn
import uvloop
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.bus.amqp import AmqpBus
from shared.clock import SystemClock
from shared.logs import configure
from shared.service import Outside, Service
from shared.settings import ServiceSettings

GRACE_SECONDS = 5
_LOOK_SECONDS = 0.01  # uvicorn tells that it has started by a flag only
HANG_UP = "lunas.hang_up"
"""Extension of the scope: ``["now"]()`` ends the connection without an answer."""

Ready = Callable[[], Awaitable[None]]
AnySettings = TypeVar("AnySettings", bound=ServiceSettings)


class Server(uvicorn.Server):
    """A uvicorn server whose process handles the signals itself."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Http(HttpToolsProtocol):
    """HTTP that an app may hang up on, as a simulated party does."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {HANG_UP: {"now": self.transport.abort}}


def make_server(app: ASGIApp, address: str) -> Server:
    """Make the server of one app at one address."""
    host, port, path = _parts(address)
    config = uvicorn.Config(
        app,
        http=_Http,
        host=host,
        port=port,
        uds=path,
        lifespan="off",
        access_log=False,
        log_level="warning",
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return Server(config)


async def serve(services: list[Service], stopping: asyncio.Event, ready: Ready) -> None:
    """Start services and their servers; stop them all when ``stopping`` is set.

    The bus is closed before the services stop, so that no delivery begins that cannot end.
    """
    servers = [server for service in services for server in _servers(service)]
    for service in services:
        await service.start()
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    try:
        await all_started(servers, tasks)
        await ready()
        await stopping.wait()
    finally:
        for service in services:
            service.stopping.set()
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks, return_exceptions=True)
        for bus in {id(s.outside.bus): s.outside.bus for s in services}.values():
            await bus.close()
        for service in services:
            await service.stop()


async def nothing() -> None:
    """The ``ready`` of a process that has nobody to tell."""


def run(build: Callable[[AnySettings, Outside], Service], settings: AnySettings) -> None:
    """Run one service as this process, over RabbitMQ, until SIGTERM or Ctrl-C."""
    configure(settings.log_level, settings.log_format)
    uvloop.run(_run(build, settings))


async def _run(build: Callable[[AnySettings, Outside], Service], settings: AnySettings) -> None:
    url, namespace = settings.broker_url.get_secret_value(), settings.broker_namespace
    outside = Outside(SystemClock(), AmqpBus(url, namespace=namespace))
    service = build(settings, outside)
    await serve([service], stop_on_signals(), nothing)


def stop_on_signals() -> asyncio.Event:
    """Give an event that SIGTERM and Ctrl-C set."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    return stopping


def _servers(service: Service) -> list[Server]:
    own = make_server(service.app, service.settings.listen)
    return [own, *(make_server(app, address) for address, app in service.public.items())]


async def all_started(servers: list[Server], tasks: list[asyncio.Task[None]]) -> None:
    """Return once every server answers.

    Raises:
        OSError: one of them ended instead.
    """
    while not all(server.started for server in servers):
        for task in tasks:
            if task.done():
                task.result()
                raise OSError("a server ended while starting; is its address taken?")
        await asyncio.sleep(_LOOK_SECONDS)


def _parts(address: str) -> tuple[str, int, str | None]:
    if address.startswith("unix:"):
        return "127.0.0.1", 0, address.removeprefix("unix:")
    host, _, port = address.rpartition(":")
    return host, int(port), None
