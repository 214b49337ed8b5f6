"""Who did what (P1): one insert-only row in the transaction of the change, sealed in a chain."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, text
from sqlmodel import col, select

from shared import context
from shared.database import Session, Sessions
from shared.principal import Principal
from shared.tables import AuditEntry, AuditSeal

SEAL_EVERY = timedelta(seconds=20)
_BATCH = 500
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
        )
    )


async def of_object(session: Session, object_id: UUID, limit: int = 200) -> list[AuditEntry]:
    """List what happened to an object, newest first."""
    query = (
        select(AuditEntry)
        .where(AuditEntry.object_id == object_id)
        .order_by(col(AuditEntry.at).desc(), col(AuditEntry.id).desc())
        .limit(limit)
    )
    return list((await session.exec(query)).all())


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
        .where(~select(AuditSeal.audit_id).where(AuditSeal.audit_id == AuditEntry.id).exists())
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
    """Hash one row together with the hash before it."""
    facts = entry.model_dump(mode="json")
    payload = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{payload}".encode()).hexdigest()


async def first_broken_link(session: Session) -> int | None:
    """Recompute the chain; give the number of the first seal that does not hold, else None."""
    query = (
        select(AuditSeal, AuditEntry)
        .outerjoin(AuditEntry, col(AuditEntry.id) == AuditSeal.audit_id)
        .order_by(col(AuditSeal.seal_no))
    )
    previous = ""
    for expected_no, (seal, entry) in enumerate((await session.exec(query)).all(), start=1):
        if entry is None or seal.seal_no != expected_no or seal.hash != link(previous, entry):
            return expected_no
        previous = seal.hash
    return None


async def count_unsealed(session: Session) -> int:
    """Count rows that the chain does not hold yet."""
    sealed = select(AuditSeal.audit_id)
    query = select(func.count()).where(col(AuditEntry.id).not_in(sealed))
    return (await session.exec(query)).one()
