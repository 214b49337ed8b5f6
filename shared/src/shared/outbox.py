"""Events leave with the business transaction; the relay sends them after the commit (E2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, text, update
from sqlmodel import col, select

from shared.bus import Bus, Message
from shared.database import Session, Sessions
from shared.events import Event
from shared.metrics import OUTBOX_AGE, OUTBOX_PUBLISHED
from shared.principal import Principal
from shared.tables import OutboxEntry

BATCH = 200
CHANNEL = "lunas_outbox"
_OTHER_RELAY_WAIT = timedelta(seconds=1)
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtext('lunas.relay'))")


def publish(session: Session, event: Event) -> None:
    """Queue the event in the caller's transaction."""
    session.add(
        OutboxEntry(
            event_id=event.event_id,
            routing_key=event.routing_key(),
            body=event.model_dump_json(),
            created_at=session.clock.now(),
        )
    )


class Relay:
    """Sends what is committed, in order, and stamps it only once it is confirmed.

    An advisory lock keeps one relay per service, so a service's events keep their order. A crash
    between confirm and stamp sends again; the inbox of the consumer makes that harmless (E1).
    """

    def __init__(self, service: str, sessions: Sessions, bus: Bus) -> None:
        self._service = service
        self._sessions = sessions
        self._bus = bus
        self._principal = Principal.system(service)

    async def step(self) -> timedelta | None:
        """Send one batch; tell when to come again (None: when woken)."""
        async with self._sessions.begin(self._principal) as session:
            if not (await session.execute(_TRY_LOCK)).scalar_one():
                return _OTHER_RELAY_WAIT
            entries = await _unpublished(session)
            self._observe_age(entries, session.clock.now())
            if not entries:
                return None
            await self._bus.publish([_message(entry) for entry in entries])
            await _stamp(session, entries)
        OUTBOX_PUBLISHED.labels(self._service).inc(len(entries))
        return timedelta() if len(entries) == BATCH else None

    def _observe_age(self, entries: list[OutboxEntry], now: datetime) -> None:
        age = (now - entries[0].created_at).total_seconds() if entries else 0
        OUTBOX_AGE.labels(self._service).set(max(age, 0))


async def replay(session: Session, bus: Bus, queue: str, since: datetime) -> int:
    """Send everything since an instant again, to one queue only (E7); return how many."""
    query = (
        select(OutboxEntry)
        .where(col(OutboxEntry.created_at) >= since)
        .order_by(col(OutboxEntry.position))
    )
    entries = (await session.exec(query)).all()
    await bus.publish([_message(entry) for entry in entries], queue=queue)
    return len(entries)


async def pending(session: Session) -> int:
    """Count what is committed and not yet confirmed."""
    query = select(func.count()).where(col(OutboxEntry.published_at).is_(None))
    return (await session.exec(query)).one()


async def _unpublished(session: Session) -> list[OutboxEntry]:
    query = (
        select(OutboxEntry)
        .where(col(OutboxEntry.published_at).is_(None))
        .order_by(col(OutboxEntry.position))
        .limit(BATCH)
    )
    return list((await session.exec(query)).all())


async def _stamp(session: Session, entries: list[OutboxEntry]) -> None:
    positions = [entry.position for entry in entries]
    stamp = (
        update(OutboxEntry)
        .where(col(OutboxEntry.position).in_(positions))
        .values(published_at=session.clock.now())
    )
    await session.execute(stamp)


def _message(entry: OutboxEntry) -> Message:
    return Message(entry.routing_key, entry.body.encode(), entry.event_id)
