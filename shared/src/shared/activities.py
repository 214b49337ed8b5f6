"""What happened around one thing, for everybody who may see the thing: rows of the audit log.

A service says which of its objects belong to a subject; the queries run in the reader's scope, so
what is not his gives no rows (A2, A3). Only those who may read the audit log see more than that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import String, literal, tuple_, union_all
from sqlmodel import col, select

from shared.database import Session
from shared.paging import decode_instant
from shared.principal import Principal
from shared.tables import AuditEntry

Ids = Any
"""A query that gives the ids of objects of one kind."""

Belonging = Callable[["Subject"], Mapping[str, Ids]]
"""Gives, by kind of object, the query for those that belong to a subject."""

KINDS: dict[str, frozenset[str]] = {
    "data": frozenset({"customer", "change_request"}),
    "booking": frozenset({"booking", "plan"}),
    "bill": frozenset({"invoice", "document"}),
    "account": frozenset({"virtual_account"}),
    "payment": frozenset({"payment"}),
    "message": frozenset({"message"}),
}
"""What a reader filters by, and the kinds of object behind it."""

_WORDS_FOR_ALL = {"customer", "booking", "change_request", "invoice", "plan"}
"""Objects whose reasons are written for everybody; those of money may name other customers."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is looked at; exactly one is given, ``bank_reference`` goes with a payment."""

    customer_id: UUID | None = None
    booking_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    virtual_account_id: UUID | None = None
    bank_reference: str | None = None


class Wanted(BaseModel):
    """A subject, a kind, and the page."""

    model_config = ConfigDict(extra="forbid")

    customer_id: UUID | None = None
    booking_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    virtual_account_id: UUID | None = None
    bank_reference: str | None = Field(default=None, max_length=64)
    kind: str | None = None
    cursor: str | None = Field(default=None, max_length=500)
    limit: int = Field(default=50, ge=1, le=201)

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        names = ("customer_id", "booking_id", "invoice_id", "payment_id", "virtual_account_id")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise ValueError("sebutkan tepat satu objek")
        if self.kind is not None and self.kind not in KINDS:
            raise ValueError("jenis tidak dikenal")
        return self

    def subject(self) -> Subject:
        """Give what is looked at."""
        return Subject(**self.model_dump(exclude={"kind", "cursor", "limit"}))


async def find(session: Session, wanted: Wanted, belonging: Belonging) -> list[AuditEntry]:
    """List what happened, newest first."""
    kinds = KINDS[wanted.kind] if wanted.kind else None
    parts = [
        select(literal(kind, String).label("kind"), ids.subquery().c[0].label("id"))
        for kind, ids in belonging(wanted.subject()).items()
        if kinds is None or kind in kinds
    ]
    if not parts:
        return []
    objects = union_all(*parts).subquery()
    query = select(AuditEntry).join(
        objects,
        (col(AuditEntry.object_id) == objects.c.id)
        & (col(AuditEntry.object_type) == objects.c.kind),
    )
    if after := decode_instant(wanted.cursor):
        query = query.where(tuple_(col(AuditEntry.at), col(AuditEntry.id)) < after)
    newest = col(AuditEntry.at).desc(), col(AuditEntry.id).desc()
    return list((await session.exec(query.order_by(*newest).limit(wanted.limit))).all())


def told(entry: AuditEntry, reader: Principal) -> dict[str, Any]:
    """Shape a row for somebody who looks at the thing: no ids of others, no inner numbers."""
    words = entry.object_type in _WORDS_FOR_ALL or "audit.read" in reader.permissions
    row = entry.model_dump(mode="json", exclude={"correlation_id"})
    return row | {
        "before": _plain(entry.before),
        "after": _plain(entry.after),
        "reason": entry.reason if words else None,
    }


def key_of(row: Mapping[str, Any]) -> tuple[datetime, UUID]:
    """Give the sort key of a row that came over HTTP."""
    return datetime.fromisoformat(row["at"]), UUID(row["id"])


def _plain(facts: dict[str, Any] | None) -> dict[str, Any] | None:
    if facts is None:
        return None
    return {name: value for name, value in facts.items() if name != "id" and name[-3:] != "_id"}
