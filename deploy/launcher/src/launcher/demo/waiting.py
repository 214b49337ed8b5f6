"""The page at the front door while the demo's story is still being told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from shared.server import make_server

_PAGE = """<!doctype html>
<html lang="id">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>Lunas sedang disiapkan</title>
<h1>Sebentar lagi.</h1>
<p>Lunas sedang menyiapkan perusahaan contoh{until}. Ini hanya sekali; halaman ini membuka
sendiri begitu siap.</p>
</html>
"""
_HEADERS = {
    "Retry-After": "5",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
}


class WaitingRoom:
    """Answers everything with 503 and says how far the story is."""

    def __init__(self) -> None:
        self.until = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        said = f" (sampai {self.until})" if self.until else ""
        page = HTMLResponse(_PAGE.format(until=said), status_code=503, headers=_HEADERS)
        await page(scope, receive, send)


@asynccontextmanager
async def waiting_room(address: str) -> AsyncIterator[WaitingRoom]:
    """Keep the room open at the front door."""
    room = WaitingRoom()
    server = make_server(room, address)
    serving = asyncio.create_task(server.serve())
    try:
        yield room
    finally:
        server.should_exit = True
        await serving
