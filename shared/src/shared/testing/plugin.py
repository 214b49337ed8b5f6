"""The fixtures. A service's ``tests/conftest.py`` gives ``service_folder``; the rest follows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.bus.memory import MemoryBus
from shared.clock import WIB, FrozenClock
from shared.database import Session, Sessions, driver_url
from shared.principal import Principal, generate_keys
from shared.service import Outside, Service
from shared.testing.callers import Caller
from shared.testing.databases import Database, Templates, admin_url
from shared.verification import differences

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=WIB)

CallAs = Callable[[Principal | None], Caller]
Forge = Callable[..., Awaitable[None]]
Differing = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def clock() -> FrozenClock:
    """A clock that stands at Monday 23 November 2026, 09.00 WIB."""
    return FrozenClock(NOW)


@pytest.fixture(scope="session")
def keys() -> tuple[str, str]:
    """The gateway's key pair: (private, public)."""
    return generate_keys()


@pytest.fixture(scope="session")
def templates() -> Iterator[Templates]:
    """The databases of this run."""
    made = Templates()
    yield made
    asyncio.run(made.drop_all())


@pytest.fixture
def migrated(templates: Templates, service_folder: Path) -> Templates:
    """The same, with this service's template ready."""
    if not templates.has(service_folder):
        asyncio.run(templates.migrate(service_folder))
        templates.upgrade(service_folder)
    return templates


@pytest.fixture
async def database(migrated: Templates, service_folder: Path) -> AsyncIterator[Database]:
    """A fresh database of this service, for tests that commit."""
    made = await migrated.clone(service_folder)
    yield made
    await migrated.drop(made)


@pytest.fixture
async def sessions(database: Database, clock: FrozenClock) -> AsyncIterator[Sessions]:
    """Transactions on the fresh database; each commits.

    Connections are kept from one to the next: to open one costs more than what most of them do.
    """
    engine = create_async_engine(driver_url(database.url), max_overflow=-1)
    yield Sessions(engine, clock)
    await engine.dispose()


@pytest.fixture
async def session(sessions: Sessions, service_folder: Path) -> AsyncIterator[Session]:
    """One transaction as the service itself; flushed work is visible in it, and kept to it."""
    async with sessions.begin(Principal.system(service_folder.name)) as opened:
        yield opened
        await opened.rollback()


@pytest.fixture
def outside(clock: FrozenClock) -> Outside:
    """The still clock and a bus of this process."""
    return Outside(clock, MemoryBus())


@pytest.fixture
def common_settings(database: Database, keys: tuple[str, str]) -> dict[str, Any]:
    """What every service's settings need."""
    return {"database_url": database.url, "principal_public_key": keys[1]}


@pytest.fixture
async def call_as(service: Service, keys: tuple[str, str]) -> AsyncIterator[CallAs]:
    """``call_as(WAWAN).get(path)``; the service's conftest gives ``service`` (built, unstarted)."""
    yield lambda principal: Caller(service, keys[0], principal)
    await service.engine.dispose()


@pytest.fixture
async def owner_sessions(database: Database, clock: FrozenClock) -> AsyncIterator[Sessions]:
    """Transactions as the administrator: what an attacker with the database could do."""
    parts = urlsplit(admin_url())
    url = urlunsplit(parts._replace(path=f"/{database.name}"))
    engine = create_async_engine(driver_url(url), poolclass=NullPool)
    yield Sessions(engine, clock)
    await engine.dispose()


@pytest.fixture
def forge(owner_sessions: Sessions) -> Forge:
    """``await forge("UPDATE ...")``: change rows behind the service's back, past every trigger."""

    async def run(*statements: str) -> None:
        async with owner_sessions.begin(Principal.system("owner")) as session:
            await session.execute(text("SET LOCAL session_replication_role = replica"))
            for statement in statements:
                await session.execute(text(statement))

    return run


@pytest.fixture
async def differing(service: Service, sessions: Sessions) -> AsyncIterator[Differing]:
    """``await differing()``: what the service's own books say is wrong, in words (M11)."""

    async def found() -> list[str]:
        return list(map(str, await differences(sessions, service.principal, service.books)))

    yield found
    await service.engine.dispose()
