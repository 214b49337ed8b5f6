"""Databases, roles and tables of the whole house."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from launcher.databases import Database, database_of, migration_url, provision
from launcher.house import Resident
from shared.migrations import upgrade


async def provision_house(
    admin_url: str, residents: Iterable[Resident], databases: Mapping[str, Database]
) -> None:
    """Bring the databases of these residents to their present state.

    Raises:
        Refusal: the server cannot be reached or is too old.
    """
    folders = {resident.name: resident.migrations for resident in residents}

    async def migrate(database: Database) -> None:
        # Alembic runs an event loop of its own, so it needs a thread of its own.
        await asyncio.to_thread(
            upgrade, folders[database.service], migration_url(admin_url, database)
        )

    await provision(admin_url, [databases[name] for name in folders], migrate)


def databases_of(
    residents: Iterable[Resident], prefix: str, passwords: Mapping[str, str]
) -> dict[str, Database]:
    """Name the database of each resident."""
    return {each.name: database_of(each.name, prefix, passwords[each.name]) for each in residents}
