"""Fixtures of the customer service: two Marketing whom it knows, and short ways to make things."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from customer.handlers.users import follow_user
from customer.importer import Importer
from customer.main import build
from customer.settings import Settings
from shared.contracts.gateway import UserChanged
from shared.database import Sessions
from shared.principal import Principal
from shared.service import Outside, Service
from shared.tables import OutboxEntry
from shared.testing import ADMIN, SARI, WAWAN
from shared.testing.plugin import NOW, CallAs

MAHMUD = {
    "name": "Bapak Mahmud Sulaiman",
    "phone": "0856 110 1133",
    "address": "Bogor, Jawa Barat",
}

IMPORTS = "/api/v1/imports"

Made = dict[str, Any]
Register = Callable[..., Awaitable[Made]]


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parent.parent


@pytest.fixture
async def service(common_settings: dict[str, Any], outside: Outside, sessions: Sessions) -> Service:
    made = build(Settings(**common_settings), outside)
    async with sessions.begin(made.principal) as session:
        for person in (WAWAN, SARI):
            await follow_user(user_changed(person), session)
    return made


def user_changed(person: Principal, version: int = 1, **other: Any) -> UserChanged:
    state = {
        "username": "x",
        "name": person.name,
        "role": person.role,
        "phone": None,
        "disabled": False,
    }
    return UserChanged.of(version, NOW, person.user_id, **(state | other))


@pytest.fixture
def user_event() -> Callable[..., UserChanged]:
    return user_changed


@pytest.fixture
def register(call_as: CallAs) -> Register:
    """Register a customer as somebody; fields may be replaced."""

    async def make(person: Principal = WAWAN, **other: Any) -> Made:
        answer = await call_as(person).post("/api/v1/customers", MAHMUD | other)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def offer(call_as: CallAs) -> Register:
    """Put a product into the catalogue as Admin."""

    async def make(code: str = "KAV-36", **other: Any) -> Made:
        product = {"code": code, "name": "Kavling 36", "price_idr": 30_000_000, "kind": "one_off"}
        answer = await call_as(ADMIN).post("/api/v1/products", product | other)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def book(call_as: CallAs) -> Register:
    """Draft a booking of one product for a customer."""

    async def make(customer: Made, product: Made, person: Principal = WAWAN, **other: Any) -> Made:
        item = {"product_id": product["id"], "quantity": 1, "unit_price_idr": 30_000_000}
        booking = {
            "customer_id": customer["id"],
            "items": [item],
            "plan": {"kind": "cash", "due_on": "2026-12-10"},
        }
        answer = await call_as(person).post("/api/v1/bookings", booking | other)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    return make


@pytest.fixture
def published(sessions: Sessions) -> Callable[[], Awaitable[list[Made]]]:
    """What waits in the outbox: ``{"type": routing key, **body}``, in order."""

    async def read() -> list[Made]:
        async with sessions.begin(Principal.system("customer")) as session:
            query = select(OutboxEntry).order_by(col(OutboxEntry.position))
            rows = (await session.exec(query)).all()
        return [{"type": row.routing_key, **json.loads(row.body)} for row in rows]

    return read


@pytest.fixture
def upload(call_as: CallAs) -> Register:
    """Upload a file as Admin; fields of the form may be added."""

    async def send(content: bytes, kind: str = "customers", status: int = 201, **more: str) -> Made:
        parts = "".join(
            f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {"kind": kind, **more}.items()
        )
        head = '--b\r\nContent-Disposition: form-data; name="file"; filename="data.csv"\r\n\r\n'
        body = parts.encode() + head.encode() + content + b"\r\n--b--\r\n"
        kinds = {"content-type": "multipart/form-data; boundary=b"}
        answer = await call_as(ADMIN).call("POST", IMPORTS, content=body, headers=kinds)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    return send


@pytest.fixture
def work(sessions: Sessions) -> Callable[[], Awaitable[int]]:
    """Let the worker do everything that waits; gives the number of pieces."""

    async def run() -> int:
        importer, pieces = Importer(sessions, "customer"), 0
        while await importer.step() is not None:
            pieces += 1
        return pieces

    return run


@pytest.fixture
def rows_of(call_as: CallAs) -> Callable[..., Awaitable[list[Made]]]:
    async def read_rows(made: Made, **params: str) -> list[Made]:
        answer = await call_as(ADMIN).get(f"{IMPORTS}/{made['id']}/rows", params=params)
        return list(answer.json()["items"])

    return read_rows


@pytest.fixture
def act(call_as: CallAs) -> Callable[..., Awaitable[Made]]:
    """``await act(made, "run", whole=True)``; gives the answer's body with its status."""

    async def send(made: Made, what: str, **body: Any) -> Made:
        answer = await call_as(ADMIN).post(f"{IMPORTS}/{made['id']}/{what}", body)
        return {"code": answer.status_code, **answer.json()}

    return send


@pytest.fixture
def people(call_as: CallAs) -> Callable[[], Awaitable[dict[str, Made]]]:
    async def listed() -> dict[str, Made]:
        found = (await call_as(ADMIN).get("/api/v1/customers")).json()["items"]
        return {each["name"]: each for each in found}

    return listed
