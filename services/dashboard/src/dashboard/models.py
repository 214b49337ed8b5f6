"""Tables: live events, and the small copies that scope and name them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Column, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from shared.ids import new_id
from shared.tables import instant


class DashboardTable(SQLModel, registry=registry()):
    """Tables of the dashboard, apart from those of other services in the same process."""

    metadata: ClassVar[MetaData] = MetaData()


class Customer(DashboardTable, table=True):
    """Whose a live event is: the owner decides who may see it (A2)."""

    __tablename__ = "customers"

    id: UUID = Field(primary_key=True)
    name: str
    marketing_id: UUID
    marketing_name: str
    version: int


class Invoice(DashboardTable, table=True):
    """What a payment is for, as its row in the feed says it."""

    __tablename__ = "invoices"

    id: UUID = Field(primary_key=True)
    customer_id: UUID
    number: str
    title: str
    va_owner_id: UUID | None = None
    version: int


class LiveEvent(DashboardTable, table=True):
    """One thing that open pages hear about; kept for two days.

    ``names`` are the names of the stream's events; ``facts`` is what a row of the feed says.
    """

    __tablename__ = "live_events"

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True))
    at: datetime = instant()
    type: str
    customer_id: UUID | None = None
    object_id: UUID
    object_version: int
    names: list[str] = Field(sa_type=JSONB)
    facts: dict[str, Any] = Field(sa_type=JSONB)


class Recent(DashboardTable, table=True):
    """What a person opened last; its name is looked up in his scope when it is shown."""

    __tablename__ = "recents"

    user_id: UUID = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    object_id: UUID = Field(primary_key=True)
    at: datetime = instant()


class SavedView(DashboardTable, table=True):
    """A list as somebody wants it again: an address without its page."""

    __tablename__ = "saved_views"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    list_key: str
    name: str
    query: str
    owner_id: UUID
    owner_name: str
    shared: bool
    made_at: datetime = instant()
