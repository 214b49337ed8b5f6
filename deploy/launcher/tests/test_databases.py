"""Each service has its own database and a role that can do the least (A4, A3)."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from launcher.databases import Database, application_url, database_of, provision

SERVICES = ("customer", "bank-gateway")


async def nothing_to_migrate(_: Database) -> None:
    """Stand where migrations run."""


@pytest.fixture
async def databases(admin_url: str) -> AsyncIterator[list[Database]]:
    prefix = f"t{secrets.token_hex(4)}"
    made = [database_of(service, prefix, f"pass'{service}%") for service in SERVICES]
    yield made
    server = await asyncpg.connect(admin_url)
    for database in made:
        await server.execute(f'DROP DATABASE IF EXISTS "{database.name}" WITH (FORCE)')
        for role in (database.name, database.owner):
            await server.execute(f'DROP ROLE IF EXISTS "{role}"')
    await server.close()


async def ask(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


class TestRoles:
    async def test_a3_no_role_escapes_row_level_security(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        await provision(admin_url, databases, nothing_to_migrate)
        server = await asyncpg.connect(admin_url)
        roles = await server.fetch(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = ANY($1::text[]) ORDER BY rolname",
            [name for database in databases for name in (database.name, database.owner)],
        )
        await server.close()

        application, owner = (True, *[False] * 4), (False, *[False] * 4)
        assert [tuple(role) for role in roles] == [application, owner] * len(SERVICES)

    async def test_a4_a_service_cannot_connect_to_the_database_of_another(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        await provision(admin_url, databases, nothing_to_migrate)
        own, others = databases
        url = urlsplit(application_url(admin_url, own))._replace(path=f"/{others.name}")

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(url.geturl(), "SELECT 1")

    async def test_a4_the_application_role_makes_no_tables(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        await provision(admin_url, databases, nothing_to_migrate)

        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(application_url(admin_url, databases[0]), "CREATE TABLE mine (id int)")

    async def test_the_extensions_are_there(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        await provision(admin_url, databases, nothing_to_migrate)
        count = await ask(
            application_url(admin_url, databases[1]),
            "SELECT count(*) FROM pg_extension WHERE extname IN ('btree_gist', 'pg_trgm')",
        )

        assert count == 2


class TestRepeating:
    async def test_it_can_run_twice(self, admin_url: str, databases: list[Database]) -> None:
        await provision(admin_url, databases, nothing_to_migrate)
        await provision(admin_url, databases, nothing_to_migrate)

        assert await ask(application_url(admin_url, databases[0]), "SELECT 1") == 1

    async def test_it_can_run_at_the_same_time_from_several_places(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        once = [provision(admin_url, databases, nothing_to_migrate) for _ in range(3)]
        await asyncio.gather(*once)

        assert await ask(application_url(admin_url, databases[1]), "SELECT 1") == 1

    async def test_a_new_password_replaces_the_old_one(
        self, admin_url: str, databases: list[Database]
    ) -> None:
        await provision(admin_url, databases, nothing_to_migrate)
        stored = f"SELECT rolpassword FROM pg_authid WHERE rolname = '{databases[0].name}'"
        before = await ask(admin_url, stored)
        changed = Database(databases[0].service, databases[0].name, "another-secret")

        await provision(admin_url, [changed], nothing_to_migrate)

        assert await ask(admin_url, stored) != before
        assert await ask(application_url(admin_url, changed), "SELECT 1") == 1
