"""Waiting until a service says that it can work (R6)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping

from launcher.errors import Refusal
from shared.http import HttpClient, Unreachable

READY_SECONDS = 60
_PAUSE_SECONDS = 0.05


async def until_ready(addresses: Mapping[str, str]) -> None:
    """Wait for every service, by name and inner address.

    Raises:
        Refusal: one did not become ready; its name is in the message.
    """
    waits = [_until_ready(name, address) for name, address in addresses.items()]
    await asyncio.gather(*waits)


async def _until_ready(name: str, address: str) -> None:
    client = HttpClient(address if address.startswith("unix:") else f"http://{address}")
    deadline = time.monotonic() + READY_SECONDS
    try:
        while time.monotonic() < deadline:
            if await _answers(client):
                return
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await client.close()
    raise Refusal(f"Layanan {name} belum siap setelah {READY_SECONDS} detik; lihat log.")


async def _answers(client: HttpClient) -> bool:
    try:
        return (await client.request("GET", "/readyz")).status_code == 200
    except Unreachable:
        return False
