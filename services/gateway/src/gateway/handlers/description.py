"""Asking every service for its part of the description of the API."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from gateway.domain.description import Json, merge
from gateway.domain.routing import SERVICES
from gateway.handlers.upstreams import Upstreams
from shared.http import Unreachable

KEPT = timedelta(minutes=1)


class Description:
    """The merged document, asked for again after a minute at the earliest."""

    def __init__(self, upstreams: Upstreams) -> None:
        self._upstreams = upstreams
        self._made_at: datetime | None = None
        self._document: Json = {}
        self._lock = asyncio.Lock()

    async def document(self, now: datetime) -> Json:
        """Give the document; one caller asks, the others wait for his answer."""
        async with self._lock:
            if self._made_at is None or not timedelta() <= now - self._made_at < KEPT:
                names = sorted(SERVICES)
                parts = await asyncio.gather(*(self._part(each, now) for each in names))
                self._document = merge(dict(zip(names, parts, strict=True)))
                self._made_at = now
        return self._document

    async def _part(self, service: str, now: datetime) -> Json:
        try:
            answer = await self._upstreams.ask(service, "/openapi.json", None, now)
        except Unreachable:
            return {}
        part: Json = answer.json() if answer.status_code == 200 else {}
        return part
