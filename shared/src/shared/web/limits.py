"""Bounds on what comes in (B4): size, time, depth of JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.operations import OPERATIONS
from shared.web.problems import problem

_MIB = 1024 * 1024
BODY_BYTES = _MIB
UPLOAD_BYTES = 5 * _MIB
_ENVELOPE_BYTES = 16 * 1024
RECEIVE_SECONDS = 15.0
JSON_DEPTH = 20
_DISCARDED_BYTES_MAX = 64 * _MIB
_NOTHING_CHANGED = "Tidak ada yang tersimpan atau berubah."
_UPLOADS = {(o.method, o.path) for o in OPERATIONS if o.upload}
_STRINGS = re.compile(rb'"(?:[^"\\]|\\.)*"?')


Answer = Callable[[Request, int, str, str], Response]
"""How a refusal is told: the request, a status, a title and what happened."""


class _Refused(Exception):
    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.answer = (status, title, detail)


class BodyLimit:
    """Reads the whole body within its bounds before anything else looks at it."""

    def __init__(
        self, app: ASGIApp, limit_bytes: int = BODY_BYTES, answer: Answer = problem
    ) -> None:
        self._app = app
        self._limit_bytes = limit_bytes
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        try:
            body = await asyncio.wait_for(self._read(scope, receive), RECEIVE_SECONDS)
        except TimeoutError:
            detail = f"Permintaan terlalu lama diterima. {_NOTHING_CHANGED} Coba lagi."
            answer = self._answer(Request(scope), 408, "Request timeout", detail)
            await answer(scope, receive, send)
            return
        except _Refused as refused:
            await self._answer(Request(scope), *refused.answer)(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes:
        limit_bytes = self._limit_bytes
        if (scope["method"], scope["path"]) in _UPLOADS:
            limit_bytes = max(limit_bytes, UPLOAD_BYTES + _ENVELOPE_BYTES)
        parts = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Refused(400, "Malformed", "Permintaan terputus.")
            parts += message.get("body", b"")
            more = message.get("more_body", False)
            if len(parts) > limit_bytes:
                await _discard(receive, more=more)
                raise _Refused(413, "Too large", _too_large(limit_bytes))
        body = bytes(parts)
        if _is_json(scope) and _too_deep(body):
            raise _Refused(400, "Malformed", "Isi permintaan bertingkat terlalu dalam.")
        return body


async def _discard(receive: Receive, *, more: bool) -> None:
    """Let a browser finish sending: it reads no answer before (nothing is kept of it)."""
    size = 0
    while more and size < _DISCARDED_BYTES_MAX:
        message = await receive()
        size += len(message.get("body", b""))
        more = message.get("more_body", False)


def _too_large(limit_bytes: int) -> str:
    size = f"{limit_bytes // _MIB} MiB" if limit_bytes >= _MIB else f"{limit_bytes // 1024} KiB"
    return f"Kiriman melebihi batas {size}. {_NOTHING_CHANGED} Kirim yang lebih kecil."


def _is_json(scope: Scope) -> bool:
    return any(name == b"content-type" and b"json" in value for name, value in scope["headers"])


def _too_deep(body: bytes) -> bool:
    depth = 0
    for byte in _STRINGS.sub(b"", body):
        if byte in b"[{":
            depth += 1
            if depth > JSON_DEPTH:
                return True
        elif byte in b"]}":
            depth -= 1
    return False


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
