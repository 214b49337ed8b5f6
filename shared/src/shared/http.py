"""Calling other programs over HTTP; the only module that imports httpx (libraries, finding 1)."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx
from starlette.types import ASGIApp

from shared import context
from shared.errors import Unavailable

TOTAL_SECONDS, CONNECT_SECONDS = 10.0, 3.0  # R1
KEPT_SECONDS = 2.0  # below the 5 s after which uvicorn closes an idle connection
Response = httpx.Response
Headers = httpx.Headers


class Unreachable(Unavailable):
    """The other side did not answer."""

    detail = "Bagian sistem yang diperlukan sedang tidak menjawab. Coba lagi sebentar lagi."


class NotConnected(Unreachable):
    """No connection was made, so the request certainly never arrived."""


_PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For addresses without TLS: reading the authorities takes 50 ms per client. It trusts nobody."""


class HttpClient:
    """Talks to one base address: ``http://host:port`` or ``unix:/path``."""

    def __init__(
        self,
        base: str,
        transport: httpx.AsyncBaseTransport | None = None,
        *,
        timeout_seconds: float = TOTAL_SECONDS,
        connections: int = 100,
    ) -> None:
        address = base
        limits = httpx.Limits(max_connections=connections, keepalive_expiry=KEPT_SECONDS)
        if base.startswith("unix:"):
            socket = base.removeprefix("unix:")
            transport = transport or httpx.AsyncHTTPTransport(
                uds=socket, limits=limits, verify=_PLAIN
            )
            address = "http://service"
        self._client = httpx.AsyncClient(
            base_url=address,
            timeout=httpx.Timeout(timeout_seconds, connect=CONNECT_SECONDS),
            transport=transport,
            limits=limits,
            verify=True if base.startswith("https:") else _PLAIN,
            trust_env=False,
        )

    @classmethod
    def of_app(cls, app: ASGIApp) -> HttpClient:
        """Talk to an app of this very process, without a socket; answers come whole."""
        return cls("http://service", httpx.ASGITransport(app, raise_app_exceptions=False))

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        params: Any = None,
        json: Any = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        """Ask and wait for the whole answer; ``files`` are names and contents, by field.

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
                data=form,
                files=files,
            )
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotConnected from error
        except httpx.TransportError as error:
            raise Unreachable from error

    @asynccontextmanager
    async def stream(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None = None,
        read_seconds: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """Ask and take the answer piece by piece, without a limit on its length.

        Args:
            read_seconds: the longest silence between two pieces; None waits for ever.

        Raises:
            NotConnected: the request never left.
            Unreachable: no answer came, or it broke off.
        """
        timeout = httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS, read=read_seconds)
        try:
            async with self._client.stream(
                method, path, headers=_headers(headers), content=content, timeout=timeout
            ) as response:
                yield response
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotConnected from error
        except httpx.TransportError as error:
            raise Unreachable from error

    async def close(self) -> None:
        """Let the connections go."""
        await self._client.aclose()


def _headers(headers: Mapping[str, str] | None) -> dict[str, str]:
    return {"X-Correlation-Id": context.correlation_id(), **(headers or {})}
