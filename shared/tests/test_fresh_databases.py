"""A test finds nothing of the test before it, although databases are used again."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared import numbering, outbox
from shared.clock import FrozenClock
from shared.contracts.gateway import UserChanged
from shared.database import Sessions, driver_url
from shared.principal import Principal
from shared.testing import Templates

_LEFT = "SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM number_series)"


async def test_a_returned_database_comes_back_empty_and_counts_from_one(
    migrated: Templates, service_folder: Path, clock: FrozenClock
) -> None:
    used = await migrated.clone(service_folder)
    engine = create_async_engine(driver_url(used.url), poolclass=NullPool)
    sessions = Sessions(engine, clock)
    state = {"username": "w", "name": "W", "role": "marketing", "phone": None, "disabled": False}
    async with sessions.begin(Principal.system("sample")) as session:
        await numbering.take(session, "X")
        outbox.publish(session, UserChanged.of(1, clock.now(), uuid4(), **state))

    await migrated.drop(used)
    again = await migrated.clone(service_folder)

    assert again == used
    async with sessions.begin(Principal.system("sample")) as session:
        assert tuple((await session.execute(text(_LEFT))).one()) == (0, 0)
        position = text("SELECT nextval('outbox_position_seq')")
        assert (await session.execute(position)).scalar_one() == 1
    await engine.dispose()
    await migrated.drop(again)


async def test_a_database_whose_tables_were_changed_does_not_come_back(
    migrated: Templates, service_folder: Path
) -> None:
    used = await migrated.clone(service_folder)
    owner = await asyncpg.connect(migrated.address(used.name))
    await owner.execute("ALTER TABLE notes DISABLE TRIGGER ALL")
    await owner.close()

    await migrated.drop(used)
    again = await migrated.clone(service_folder)

    assert again != used
    await migrated.drop(again)
