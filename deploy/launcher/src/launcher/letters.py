"""Dead letters: deliveries that wait for a person (R5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from shared import audit, failures
from shared.clock import SystemClock
from shared.database import Session, Sessions, make_engine
from shared.errors import NotFound
from shared.principal import Principal
from shared.tables import FailedDelivery


@dataclass(frozen=True)
class Letter:
    """A dead delivery and the service that could not deal with it."""

    service: str
    delivery: FailedDelivery


async def dead_letters(urls: Mapping[str, str]) -> list[Letter]:
    """List what waits, by service and age."""
    found = []
    for service, url in urls.items():
        async with _session(service, url) as session:
            found += [Letter(service, delivery) for delivery in await failures.dead(session)]
    return found


async def replay(urls: Mapping[str, str], delivery_id: UUID) -> str:
    """Try one again; give the service's name.

    Raises:
        NotFound: no service has it.
        NotDead: it does not wait for a person.
    """
    service = await _owner(urls, delivery_id)
    async with _session(service, urls[service]) as session:
        await failures.replay(session, delivery_id)
        _note(session, delivery_id, "dead_letter.replayed", None)
    return service


async def discard(urls: Mapping[str, str], delivery_id: UUID, reason: str) -> str:
    """Give one up for good; give the service's name.

    Raises:
        NotFound: no service has it.
        NotDead: it does not wait for a person.
    """
    service = await _owner(urls, delivery_id)
    async with _session(service, urls[service]) as session:
        await failures.discard(session, delivery_id, reason)
        _note(session, delivery_id, "dead_letter.discarded", reason)
    return service


async def _owner(urls: Mapping[str, str], delivery_id: UUID) -> str:
    letters: Iterable[Letter] = await dead_letters(urls)
    for letter in letters:
        if letter.delivery.id == delivery_id:
            return letter.service
    raise NotFound


def _note(session: Session, delivery_id: UUID, action: str, reason: str | None) -> None:
    audit.record(
        session, action=action, object_type="delivery", object_id=delivery_id, reason=reason
    )


@asynccontextmanager
async def _session(service: str, url: str) -> AsyncIterator[Session]:
    engine = make_engine(url, pool_size=1)
    try:
        async with Sessions(engine, SystemClock()).begin(Principal.system(service)) as session:
            yield session
    finally:
        await engine.dispose()
