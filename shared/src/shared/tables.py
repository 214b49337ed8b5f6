"""The tables of the plumbing, alike in every service's database."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Computed, DateTime, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from shared.ids import new_id


def instant(**options: Any) -> Any:
    """A ``timestamptz`` column (T1)."""
    return Field(sa_type=DateTime(timezone=True), **options)


def computed_id(expression: str) -> Any:
    """A ``uuid`` column that the database computes; ``eager_defaults`` reads it back."""
    return Field(default=None, sa_column=Column(Uuid, Computed(expression, persisted=True)))


class OutboxEntry(SQLModel, table=True):
    """An event that waits for, or has had, its publication (E2)."""

    __tablename__ = "outbox"

    position: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True))
    event_id: UUID = Field(unique=True)
    routing_key: str
    body: str = Field(sa_type=Text)
    created_at: datetime = instant()
    published_at: datetime | None = instant(default=None)


class InboxEntry(SQLModel, table=True):
    """An event that has had its effect here (E3)."""

    __tablename__ = "inbox"

    event_id: UUID = Field(primary_key=True)
    routing_key: str
    received_at: datetime = instant()


class FailedDelivery(SQLModel, table=True):
    """A delivery whose effect failed: it waits for its next try, or for a person (R4, R5)."""

    __tablename__ = "failed_deliveries"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    event_id: UUID = Field(unique=True)
    routing_key: str
    body: str = Field(sa_type=Text)
    state: str
    reason: str = Field(sa_type=Text)
    attempts: int
    retry_at: datetime | None = instant(default=None)
    failed_at: datetime = instant()


class IdempotencyKey(SQLModel, table=True):
    """The stored answer of one act that creates or moves money (I)."""

    __tablename__ = "idempotency_keys"

    user_id: UUID = Field(primary_key=True)
    operation: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    input_hash: str
    status: int
    body: str = Field(sa_type=Text)
    created_at: datetime = instant()


class AuditEntry(SQLModel, table=True):
    """Who did what to which object, before and after (P1); insert-only."""

    __tablename__ = "audit_log"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = instant()
    actor_id: UUID
    actor_name: str
    actor_role: str
    action: str
    object_type: str
    object_id: UUID = Field(index=True)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB(none_as_null=True))
    reason: str | None = None
    correlation_id: str
    source: str | None = None
    """``web`` or ``api`` for a person; None for the system, and for rows older than this."""


class AuditSeal(SQLModel, table=True):
    """One link of the hash chain over the audit log; insert-only."""

    __tablename__ = "audit_seals"

    seal_no: int = Field(sa_column=Column(BigInteger, primary_key=True))
    audit_id: UUID = Field(unique=True)
    hash: str


class AuditCheck(SQLModel, table=True):
    """One look at the whole chain: how long it was, and the first seal that did not hold."""

    __tablename__ = "audit_checks"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    at: datetime = instant()
    seals: int = Field(sa_type=BigInteger)
    broken_no: int | None = Field(default=None, sa_type=BigInteger)


class NumberSeries(SQLModel, table=True):
    """The last number given out in a series (K5)."""

    __tablename__ = "number_series"

    series: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    last: int = Field(sa_type=BigInteger)
