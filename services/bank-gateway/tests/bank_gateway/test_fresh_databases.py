"""A used database comes back with the rows that the migrations left."""

from __future__ import annotations

from pathlib import Path

import asyncpg

from shared.testing import Templates


async def test_the_breaker_is_closed_again(migrated: Templates, service_folder: Path) -> None:
    used = await migrated.clone(service_folder)
    before = await breaker(migrated, used.name, "UPDATE breaker SET failures = 7")

    await migrated.drop(used)
    again = await migrated.clone(service_folder)

    assert again == used
    assert await breaker(migrated, again.name) == before
    await migrated.drop(again)


async def breaker(templates: Templates, name: str, then: str = "SELECT") -> list[asyncpg.Record]:
    """Read the breaker's row, and then say something to the database."""
    owner = await asyncpg.connect(templates.address(name))
    rows: list[asyncpg.Record] = await owner.fetch("SELECT * FROM breaker")
    await owner.execute(then)
    await owner.close()
    return rows
