"""The daily look at the audit chain: every link recomputed, and when that was (P1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import col, select

from shared import audit
from shared.clock import WIB
from shared.database import Session, Sessions
from shared.principal import Principal
from shared.tables import AuditCheck

AT = time(2, 0, tzinfo=WIB)
"""When in the night; a house that slept then looks as soon as it wakes."""


@dataclass(frozen=True, slots=True)
class Chain:
    """How the chain was last found, and how many rows it does not hold yet."""

    checked_at: datetime | None
    seals: int
    broken_no: int | None
    unsealed: int


class Inspector:
    """Recomputes the whole chain once a day, piece by piece."""

    def __init__(self, service: str, sessions: Sessions) -> None:
        self._sessions = sessions
        self._principal = Principal.system(service)

    async def step(self) -> timedelta | None:
        """Look when it is time; tell when to come again."""
        now = self._sessions.clock.now()
        due = _last_due(now)
        async with self._sessions.begin(self._principal) as session:
            last = await last_check(session)
        if last is None or last.at < due:
            await self._look(last)
        return due + timedelta(days=1) - now

    async def _look(self, last: AuditCheck | None) -> None:
        found = audit.Examined()
        while not found.is_all:
            async with self._sessions.begin(self._principal) as session:
                found = await audit.examine(session, found)
        broken = found.broken_no
        if broken is None and last is not None and found.seals < last.seals:
            broken = found.seals + 1  # the end is gone: it was longer once
        async with self._sessions.begin(self._principal) as session:
            now = session.clock.now()
            session.add(AuditCheck(at=now, seals=found.seals, broken_no=broken))


async def last_check(session: Session) -> AuditCheck | None:
    """Give the newest look, if there was one."""
    query = select(AuditCheck).order_by(col(AuditCheck.at).desc()).limit(1)
    return (await session.exec(query)).first()


async def chain(session: Session) -> Chain:
    """Say how the chain was last found."""
    last = await last_check(session)
    unsealed = await audit.count_unsealed(session)
    if last is None:
        return Chain(None, 0, None, unsealed)
    return Chain(last.at, last.seals, last.broken_no, unsealed)


def _last_due(now: datetime) -> datetime:
    today = datetime.combine(now.astimezone(WIB).date(), AT)
    return today if today <= now else today - timedelta(days=1)
