"""The dashboard under test: its real app and database, and a small company that answers it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr

from dashboard.handlers.live import SUBSCRIPTIONS
from dashboard.main import NAME, ROUTERS, furnish
from dashboard.settings import Settings
from dashboard.store.services import Services
from shared.clock import WIB, FrozenClock
from shared.http import HttpClient
from shared.service import Outside, Service
from shared.testing import ADMIN, confirmed

COMPANY = json.loads((Path(__file__).parent / "company.json").read_text())
RATNA = confirmed(ADMIN)
NAMES = (
    "customer",
    "invoicing",
    "bank-gateway",
    "reconciliation",
    "reporting",
    "notification",
    "gateway",
)


async def _whole(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


@dataclass
class Company:
    """Answers like the services behind the dashboard; ``answers`` may be changed by a test.

    Attributes:
        answers: ``"GET /customers"`` -> what is answered; a pair is (status, body).
        asked: every request that came, as (method, path, headers, body).
    """

    answers: dict[str, Any] = field(default_factory=lambda: dict(COMPANY))
    asked: list[tuple[str, str, dict[str, str], Any]] = field(default_factory=list)
    asked_with: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = await _whole(receive)
        method, path = scope["method"], scope["path"].removeprefix("/api/v1")
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = dict(parse_qsl(scope["query_string"].decode()))
        self.asked_with.append((f"{method} {path}", query))
        is_json = "json" in headers.get("content-type", "")
        self.asked.append((method, path, headers, json.loads(body) if is_json else body))
        status, answer = self._answer(f"{method} {path}")
        kind = b"application/json" if status < 400 else b"application/problem+json"
        start = {"type": "http.response.start", "status": status}
        await send({**start, "headers": [(b"content-type", kind)]})
        await send({"type": "http.response.body", "body": json.dumps(answer).encode()})

    def _answer(self, key: str) -> tuple[int, Any]:
        found = self.answers.get(key)
        if found is None:
            return 404, {"title": "Not found", "detail": "Data tidak ditemukan."}
        return (found[0], found[1]) if isinstance(found, list) else (200, found)

    def queries(self, key: str) -> list[dict[str, str]]:
        """Give the query of each request of one kind."""
        return [query for asked, query in self.asked_with if asked == key]

    def sent(self, key: str) -> list[tuple[dict[str, str], Any]]:
        """Give headers and body of each request of one kind."""
        method, path = key.split(" ")
        return [(h, b) for m, p, h, b in self.asked if (m, p) == (method, path)]


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
def clock() -> FrozenClock:
    """Wednesday 9 December 2026, 14.05 WIB."""
    return FrozenClock(datetime(2026, 12, 9, 14, 5, tzinfo=WIB))


@pytest.fixture
def company() -> Company:
    return Company()


@pytest.fixture
def where_events_live() -> str:
    """Pages need no database; tests of the stream name theirs."""
    return "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture
async def service(
    where_events_live: str, keys: tuple[str, str], outside: Outside, company: Company
) -> AsyncIterator[Service]:
    settings = Settings(
        database_url=SecretStr(where_events_live),
        principal_public_key=keys[1],
        services=dict.fromkeys(NAMES, "http://company"),
        stream_seconds_max=1,
    )
    made = Service(NAME, settings, outside, routers=ROUTERS, subscriptions=SUBSCRIPTIONS)
    transport = httpx.ASGITransport(company)
    clients = {name: HttpClient("http://company", transport) for name in NAMES}
    services = Services(clients)
    yield furnish(made, settings, services)
    await services.close()


@pytest.fixture
def send(call_as: Any) -> Any:
    """``await send(id, act, who, field=...)``: a form of the inbox, as a browser sends it."""

    async def once(matter: UUID, act: str, who: Any = RATNA, **fields: str) -> Any:
        form = {"idempotency_key": "kunci-halaman", "version": "1", "following": "", **fields}
        return await call_as(who).call(
            "POST",
            f"/exceptions/{matter}/{act}",
            content=urlencode(form).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )

    return once
