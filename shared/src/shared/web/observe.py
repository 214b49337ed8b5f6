"""Around every request: its correlation id, its time, its line in the log."""

from __future__ import annotations

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import context
from shared.logs import logger
from shared.metrics import REQUESTS

CORRELATION_HEADER = "X-Correlation-Id"
_QUIET = {"/healthz", "/readyz", "/metrics"}


class Observe:
    """Binds the correlation id and measures the answer."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app = app
        self._service = service
        self._log = logger(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with context.bound(_header(scope, CORRELATION_HEADER)) as correlation:
            started = time.perf_counter()
            status = 500

            async def remember(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                    raw: list[Any] = list(message.get("headers", []))
                    raw.append((CORRELATION_HEADER.lower().encode(), correlation.encode()))
                    message = {**message, "headers": raw}
                await send(message)

            try:
                await self._app(scope, receive, remember)
            finally:
                self._measure(scope, status, time.perf_counter() - started)

    def _measure(self, scope: Scope, status: int, seconds: float) -> None:
        if scope["path"] in _QUIET:
            return
        route = scope.get("route")
        template = getattr(route, "path_format", "(none)")
        REQUESTS.labels(self._service, scope["method"], template, str(status)).observe(seconds)
        self._log.info(
            "request",
            method=scope["method"],
            route=template,
            status=status,
            milliseconds=round(seconds * 1000, 1),
        )


def _header(scope: Scope, name: str) -> str | None:
    wanted = name.lower().encode()
    for key, value in scope["headers"]:
        if key == wanted:
            return bytes(value).decode("latin-1")
    return None
