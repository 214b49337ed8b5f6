"""Fixtures of the customer service: two Marketing whom it knows, and short ways to make things."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from customer.handlers.users import follow_user
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
