"""Calling other programs over HTTP; the only module that imports httpx (libraries, finding 1)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from shared import context
from shared.errors import Unavailable

TOTAL_SECONDS, CONNECT_SECONDS = 10.0, 3.0  # R1
Response = httpx.Response
Headers = httpx.Headers


class Unreachable(Unavailable):
    """The other side did not answer."""

    detail = "Bagian sistem yang diperlukan sedang tidak menjawab. Coba lagi sebentar lagi."


class NotConnected(Unreachable):
    """No connection was made, so the request certainly never arrived."""


class HttpClient:
    """Talks to one base address: ``http://host:port`` or ``unix:/path``."""

    def __init__(
        self,
        base: str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        timeout_seconds: float = TOTAL_SECONDS,
    ) -> None:
        address = base
        if base.startswith("unix:"):
            transport = transport or httpx.AsyncHTTPTransport(uds=base.removeprefix("unix:"))
            address = "http://service"
        self._client = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
            transport=transport,
            trust_env=False,
        )

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Any = None,
        json: Any = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """Ask and wait for the whole answer.

        Raises:
            NotConnected: the request never left.
            Unreachable: no answer came; for a write, its outcome is not known.
        """
        try:
            return await self._client.request(
                method,
                path,
                headers=_headers(headers),
                params=params,
                json=json,
                content=content,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotConnected from error
        except httpx.TransportError as error:
            raise Unreachable from error

    @asynccontextmanager
    async def stream(
        self, method: str, path: str, *, headers: Mapping[str, str], content: bytes | None = None
    ) -> AsyncIterator[httpx.Response]:
        """Ask and take the answer piece by piece, without a limit on its length.

        Raises:
            Unreachable: no answer came.
        """
        unlimited = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS, read=None)
        try:
            async with self._client.stream(
                method, path, headers=_headers(headers), content=content, timeout=unlimited
            ) as response:
                yield response
        except httpx.TransportError as error:
            raise Unreachable from error

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()


def _headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {"X-Correlation-Id": context.correlation_id(), **(headers or {})}
