"""Who did what (P1): one insert-only row in the transaction of the change, sealed in a chain."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import func, text, tuple_
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from shared import context
from shared.database import Session, Sessions
from shared.paging import decode_instant
from shared.principal import Principal
from shared.tables import AuditEntry, AuditSeal

SEAL_EVERY = timedelta(seconds=20)
_BATCH = 500
_UNSEALED = ~select(AuditSeal.audit_id).where(AuditSeal.audit_id == AuditEntry.id).exists()
"""NOT IN would compare every row with every seal once the seals outgrow the sorting memory."""
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('lunas.audit'))")

Facts = dict[str, Any]


def record(
    session: Session,
    *,
    action: str,
    object_type: str,
    object_id: UUID,
    before: Facts | None = None,
    after: Facts | None = None,
    reason: str | None = None,
) -> None:
    """Write the row in the caller's transaction; the values must be JSON-ready facts."""
    principal = session.principal
    session.add(
        AuditEntry(
            at=session.clock.now(),
            actor_id=principal.user_id,
            actor_name=principal.name,
            actor_role=principal.role,
            action=action,
            object_type=object_type,
            object_id=object_id,
            before=before,
            after=after,
            reason=reason,
            correlation_id=context.correlation_id(),
            source=principal.via or None,
        )
    )


COUNTED_MOST = 10_000
"""Rows are counted up to here; beyond, a reader only needs to know that there are more."""


class Wanted(BaseModel):
    """Which rows: of an object, a person, a kind of object, a time; ``cursor`` goes on."""

    model_config = ConfigDict(extra="forbid")

    object_id: UUID | None = None
    actor_id: UUID | None = None
    object_type: str | None = Field(default=None, pattern="^[a-z_]{1,40}$")
    since: datetime | None = None
    until: datetime | None = None
    cursor: str | None = Field(default=None, max_length=500)
    limit: int = Field(default=50, ge=1, le=201)


async def of_object(session: Session, object_id: UUID) -> list[AuditEntry]:
    """List what happened to an object, newest first."""
    return await find(session, Wanted(object_id=object_id, limit=200))


async def find(session: Session, wanted: Wanted) -> list[AuditEntry]:
    """List rows, newest first.

    Raises:
        CursorNotValid: the cursor is not one of ours.
    """
    query = _matching(select(AuditEntry), wanted)
    if after := decode_instant(wanted.cursor):
        query = query.where(tuple_(col(AuditEntry.at), col(AuditEntry.id)) < after)
    newest = col(AuditEntry.at).desc(), col(AuditEntry.id).desc()
    return list((await session.exec(query.order_by(*newest).limit(wanted.limit))).all())


async def count(session: Session, wanted: Wanted) -> int:
    """Count rows, up to ``COUNTED_MOST`` + 1."""
    some = _matching(select(AuditEntry.id), wanted).limit(COUNTED_MOST + 1).subquery()
    return (await session.exec(select(func.count()).select_from(some))).one()


def _matching(query: SelectOfScalar[Any], wanted: Wanted) -> SelectOfScalar[Any]:
    if wanted.object_id:
        query = query.where(AuditEntry.object_id == wanted.object_id)
    if wanted.actor_id:
        person = AuditEntry.actor_id == wanted.actor_id, AuditEntry.actor_role != "system"
        query = query.where(*person)
    if wanted.object_type:
        query = query.where(AuditEntry.object_type == wanted.object_type)
    if wanted.since:
        query = query.where(col(AuditEntry.at) >= wanted.since)
    if wanted.until:
        query = query.where(col(AuditEntry.at) < wanted.until)
    return query


class Sealer:
    """Chains new rows by hash behind the writers' backs, so that writing needs no lock."""

    def __init__(self, service: str, sessions: Sessions) -> None:
        self._sessions = sessions
        self._principal = Principal.system(service)

    async def step(self) -> timedelta | None:
        """Seal a batch; tell when to come again."""
        async with self._sessions.begin(self._principal) as session:
            if not (await session.execute(_TRY_LOCK)).scalar_one():
                return SEAL_EVERY
            sealed = await _seal(session)
        return timedelta() if sealed == _BATCH else SEAL_EVERY


async def _seal(session: Session) -> int:
    last_no, previous = await _last_seal(session)
    query = (
        select(AuditEntry)
        .where(_UNSEALED)
        .order_by(col(AuditEntry.at), col(AuditEntry.id))
        .limit(_BATCH)
    )
    entries = (await session.exec(query)).all()
    for seal_no, entry in enumerate(entries, start=last_no + 1):
        previous = link(previous, entry)
        session.add(AuditSeal(seal_no=seal_no, audit_id=entry.id, hash=previous))
    return len(entries)


async def _last_seal(session: Session) -> tuple[int, str]:
    query = select(AuditSeal).order_by(col(AuditSeal.seal_no).desc()).limit(1)
    last = (await session.exec(query)).first()
    return (0, "") if last is None else (last.seal_no, last.hash)


def link(previous: str, entry: AuditEntry) -> str:
    """Hash one row together with the hash before it.

    A row without a source hashes as it did before rows had one, so old chains hold.
    """
    facts = entry.model_dump(mode="json", exclude=_LATER if entry.source is None else None)
    payload = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{payload}".encode()).hexdigest()


_LATER = {"source"}


@dataclass(frozen=True, slots=True)
class Examined:
    """How far the chain was recomputed; ``broken_no`` is the first seal that does not hold."""

    seals: int = 0
    hash: str = ""
    broken_no: int | None = None
    is_all: bool = False


async def examine(session: Session, so_far: Examined) -> Examined:
    """Recompute the next piece of the chain; memory stays flat however long it is."""
    query = (
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, col(AuditEntry.id) == AuditSeal.audit_id)
        .where(col(AuditSeal.seal_no) > so_far.seals)
        .order_by(col(AuditSeal.seal_no))
        .limit(_BATCH)
    )
    rows = (await session.exec(query)).all()
    previous = so_far.hash
    for no, (seal, entry) in enumerate(rows, start=so_far.seals + 1):
        if entry is None or seal.seal_no != no or seal.hash != link(previous, entry):
            return Examined(no - 1, previous, broken_no=no, is_all=True)
        previous = seal.hash
    session.expunge_all()
    return Examined(so_far.seals + len(rows), previous, is_all=len(rows) < _BATCH)


async def first_broken_link(session: Session) -> int | None:
    """Recompute the chain; give the number of the first seal that does not hold, else None."""
    so_far = Examined()
    while not so_far.is_all:
        so_far = await examine(session, so_far)
    return so_far.broken_no


async def count_unsealed(session: Session) -> int:
    """Count rows that the chain does not hold yet."""
    query = select(func.count()).select_from(AuditEntry).where(_UNSEALED)
    return (await session.exec(query)).one()
