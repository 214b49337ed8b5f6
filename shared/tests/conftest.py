from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from pydantic import BaseModel, ConfigDict
from sqlalchemy import text

from shared.errors import Conflict, NotFound
from shared.money import PositiveIdr
from shared.service import Outside, Service
from shared.settings import ServiceSettings
from shared.text import Line
from shared.web import Caller, IfMatch, ServiceRouter, Transaction

router = ServiceRouter()


class NewNote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Line
    amount_idr: PositiveIdr
    refuse: bool = False


class AlreadyThere(Conflict):
    detail = "Sudah ada."


@router.post("/api/v1/bookings", status_code=201)
async def add_note(body: NewNote, session: Transaction, caller: Caller) -> dict[str, Any]:
    customer, note = uuid4(), uuid4()
    await session.execute(
        text("INSERT INTO customers VALUES (:id, :owner, 1)"),
        {"id": customer, "owner": caller.user_id},
    )
    await session.execute(
        text("INSERT INTO notes VALUES (:id, :customer, :words)"),
        {"id": note, "customer": customer, "words": body.words},
    )
    if body.refuse:
        raise AlreadyThere
    return {"id": str(note), "amount_idr": body.amount_idr}


@router.post("/api/v1/customers", status_code=201)
async def add_customer(session: Transaction, caller: Caller) -> dict[str, Any]:
    customer = uuid4()
    await session.execute(
        text("INSERT INTO customers VALUES (:id, :owner, 1)"),
        {"id": customer, "owner": caller.user_id},
    )
    return {"id": str(customer)}


@router.get("/api/v1/customers/{customer_id}")
async def get_customer(customer_id: UUID, session: Transaction) -> dict[str, Any]:
    query = text("SELECT id FROM customers WHERE id = :id")
    if (await session.execute(query, {"id": customer_id})).first() is None:
        raise NotFound
    return {"id": str(customer_id)}


@router.patch("/api/v1/customers/{customer_id}")
async def edit_customer(customer_id: UUID, version: IfMatch) -> dict[str, Any]:
    return {"id": str(customer_id), "version": version}


@router.get("/api/v1/users")
async def fail() -> None:
    raise RuntimeError("secret detail at /srv/secret.py")


@pytest.fixture
def service_folder() -> Path:
    return Path(__file__).parent / "sample"


@pytest.fixture
def service(common_settings: dict[str, Any], outside: Outside) -> Service:
    return Service("sample", ServiceSettings(**common_settings), outside, routers=[router])
