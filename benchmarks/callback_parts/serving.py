"""Serving an app with the house's own server until SIGTERM."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from starlette.types import ASGIApp

from shared.server import all_started, make_server, stop_on_signals


async def serve(app: ASGIApp, address: str, close: Callable[[], Awaitable[None]]) -> None:
    """Serve, and tidy up."""
    stopping = stop_on_signals()
    server = make_server(app, address)
    task = asyncio.create_task(server.serve())
    await all_started([server], [task])
    await stopping.wait()
    server.should_exit = True
    await task
    await close()
