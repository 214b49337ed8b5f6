"""A migrated template database per service, cloned for each test that commits."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from shared import migrations

ADDRESS_VARIABLE = "LUNAS_TEST_DATABASE_URL"


def admin_url() -> str:
    """Give the address of the PostgreSQL server that tests may make databases on.

    Raises:
        RuntimeError: none is named; ``./lunas test`` names one.
    """
    address = os.environ.get(ADDRESS_VARIABLE)
    if not address:
        raise RuntimeError(
            f"Tests need a real PostgreSQL: run ./lunas test, or set {ADDRESS_VARIABLE} to an"
            " address whose role may create databases and roles."
        )
    return address


_TABLES = """
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
"""

_COUNTED = """
SELECT quote_ident(sequencename), last_value FROM pg_sequences
WHERE schemaname = 'public' AND last_value IS NOT NULL
"""
_INSERT = """
INSERT INTO "{table}" OVERRIDING SYSTEM VALUE
SELECT * FROM json_populate_recordset(NULL::"{table}", '{rows}')
"""

_SHAPE = """
SELECT md5(string_agg(part, ',' ORDER BY part)) FROM (
    SELECT conrelid::text || conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT tgrelid::text || tgname || tgenabled::text FROM pg_trigger
    UNION ALL SELECT proname::text || prosrc FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
) AS parts (part)
"""

_EMPTY = """
DO $$
DECLARE name text;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER SEQUENCE %I RESTART', name);
    END LOOP;
END $$
"""


@dataclass(frozen=True)
class Database:
    """One database of a test: ``url`` signs in as the service's own role."""

    name: str
    url: str


@dataclass(frozen=True)
class _Template:
    name: str
    password: str


class Templates:
    """Makes, clones and at the end drops the databases of one test run.

    A used clone gets back the rows that its migrations left, and is used again: to make and to
    drop a database costs the server hundreds of files and a checkpoint. Only one whose tables a
    test has changed is dropped.
    """

    def __init__(self) -> None:
        self._admin = admin_url()
        self._prefix = f"lt{os.getpid()}_{secrets.token_hex(3)}"
        self._templates: dict[Path, _Template] = {}
        self._clones: list[str] = []
        self._refills: dict[str, str] = {}
        self._shapes: dict[str, str] = {}
        self._free: dict[str, list[str]] = {}

    async def migrate(self, folder: Path) -> None:
        """Make the template of a service from its ``migrations`` folder, once."""
        if folder in self._templates:
            return
        name = f"{self._prefix}_{re.sub('[^a-z]', '_', folder.name)}"
        password = secrets.token_hex(12)
        await self._run(
            f'CREATE ROLE "{name}_owner" NOLOGIN',
            f"CREATE ROLE \"{name}\" LOGIN NOBYPASSRLS PASSWORD '{password}'",
            f'CREATE DATABASE "{name}" OWNER "{name}_owner"',
        )
        extensions = ("btree_gist", "pg_trgm")
        await self._run(*(f"CREATE EXTENSION {each}" for each in extensions), database=name)
        self._templates[folder] = _Template(name, password)

    def upgrade(self, folder: Path) -> None:
        """Migrate the template; outside any event loop, because alembic runs its own."""
        scripts = folder / "migrations"
        scripts = scripts if scripts.is_dir() else folder  # a second package of the folder
        migrations.upgrade(scripts, self.address(self._templates[folder].name))

    def has(self, folder: Path) -> bool:
        """Tell whether the template exists."""
        return folder in self._templates

    async def clone(self, folder: Path) -> Database:
        """Give a fresh migrated database."""
        template = self._templates[folder]
        if template.name not in self._refills:
            await self._look_at(template.name)
        free = self._free.setdefault(template.name, [])
        if free:
            return self._as_service(template, free.pop())
        name = f"{template.name}_{len(self._clones)}"
        await self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template.name}"')
        self._clones.append(name)
        return self._as_service(template, name)

    async def drop(self, database: Database) -> None:
        """Take one clone back."""
        template = database.name.rpartition("_")[0]
        async with self._connected(database.name) as connection:
            is_reusable = await connection.fetchval(_SHAPE) == self._shapes[template]
            if is_reusable:
                await connection.execute(_EMPTY)
                await connection.execute(self._refills[template])
        if is_reusable:
            self._free[template].append(database.name)
        else:
            await self._run(f'DROP DATABASE "{database.name}" WITH (FORCE)')

    async def drop_all(self) -> None:
        """Leave the server as it was found."""
        templates = [template.name for template in self._templates.values()]
        for name in self._clones + templates:
            await self._run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for name in templates:
            await self._run(f'DROP ROLE IF EXISTS "{name}"', f'DROP ROLE IF EXISTS "{name}_owner"')

    def _as_service(self, template: _Template, database: str) -> Database:
        parts = urlsplit(self._admin)
        host = parts.netloc.rpartition("@")[2]
        netloc = f"{template.name}:{template.password}@{host}"
        url = urlunsplit(("postgresql", netloc, f"/{database}", parts.query, ""))
        return Database(database, url)

    def address(self, database: str) -> str:
        """Give the address of a database for the one who may do everything."""
        return urlunsplit(urlsplit(self._admin)._replace(path=f"/{database}"))

    async def _look_at(self, template: str) -> None:
        """Remember what a clone looks like, and what brings an emptied one back to that."""
        statements = ["SET session_replication_role = replica"]
        async with self._connected(template) as connection:
            self._shapes[template] = await connection.fetchval(_SHAPE)
            for (table,) in await connection.fetch(_TABLES):
                rows = await connection.fetchval(f'SELECT json_agg(t) FROM "{table}" t')
                if rows is not None:
                    statements.append(_INSERT.format(table=table, rows=rows.replace("'", "''")))
            for name, value in await connection.fetch(_COUNTED):
                statements.append(f"SELECT setval('{name}', {value})")
        self._refills[template] = ";\n".join(statements)

    async def _run(self, *statements: str, database: str | None = None) -> None:
        async with self._connected(database) as connection:
            for statement in statements:
                await connection.execute(statement)

    @asynccontextmanager
    async def _connected(self, database: str | None) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.address(database) if database else self._admin)
        try:
            yield connection
        finally:
            await connection.close()
