"""A database, an owner role and an application role for each service (A4, P4)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg

from launcher.errors import Refusal

EXTENSIONS = ("btree_gist", "pg_trgm")
POSTGRES_OLDEST = 15
_LOCK = 0x4C554E4153  # "LUNAS": one provisioning at a time per server
_OWNER = "NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"
_APPLICATION = "LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT"


@dataclass(frozen=True)
class Database:
    """The database of one service; its application role has the same name."""

    service: str
    name: str
    password: str = field(repr=False)

    @property
    def owner(self) -> str:
        """Name the role that owns the tables and that migrations run as."""
        return f"{self.name}_owner"


Migration = Callable[[Database], Awaitable[None]]


def database_of(service: str, prefix: str, password: str) -> Database:
    """Name the database of a service: ``bank-gateway`` becomes ``<prefix>_bank_gateway``."""
    return Database(service, f"{prefix}_{service.replace('-', '_')}", password)


def application_url(admin_url: str, database: Database) -> str:
    """Give the address with which the service itself signs in."""
    host = urlsplit(admin_url).netloc.rpartition("@")[2]
    netloc = f"{database.name}:{quote(database.password, safe='')}@{host}"
    return _address(admin_url, "postgresql+asyncpg", netloc, database.name)


def migration_url(admin_url: str, database: Database) -> str:
    """Give the address with which migrations sign in, before they become the owner."""
    return _address(admin_url, "postgresql+asyncpg", urlsplit(admin_url).netloc, database.name)


async def provision(admin_url: str, databases: Iterable[Database], migrate: Migration) -> None:
    """Bring roles, databases, extensions and tables to their present state.

    Safe to run twice and at the same time from several places: one waits for the other.

    Raises:
        Refusal: the server cannot be reached or is too old.
    """
    server = await _connect(admin_url)
    try:
        if server.get_server_version().major < POSTGRES_OLDEST:
            raise Refusal(f"Lunas memerlukan PostgreSQL {POSTGRES_OLDEST} atau lebih baru.")
        await server.execute("SELECT pg_advisory_lock($1)", _LOCK)
        for database in databases:
            await _ensure_role(server, database.owner, _OWNER)
            await _ensure_role(server, database.name, _APPLICATION, database.password)
            await _ensure_database(server, database)
            await _ensure_schema(admin_url, database)
            await migrate(database)
    finally:
        await server.close()


async def drop(admin_url: str, databases: Iterable[Database]) -> None:
    """Throw these databases away; the roles stay."""
    server = await _connect(admin_url)
    try:
        for database in databases:
            name = _quoted(database.name)
            await server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await server.close()


async def _ensure_role(
    server: asyncpg.Connection, name: str, rights: str, password: str | None = None
) -> None:
    """Make the role, or set its rights and password again."""
    known = await server.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name)
    verb = "ALTER" if known else "CREATE"
    if password is None:
        await server.execute(f"{verb} ROLE {_quoted(name)} {rights}")
        return
    secret = await server.fetchval("SELECT quote_literal($1::text)", password)
    await server.execute(f"{verb} ROLE {_quoted(name)} {rights} PASSWORD {secret}")


async def _ensure_database(server: asyncpg.Connection, database: Database) -> None:
    """Make the database; nobody but its own two roles may connect."""
    name, owner = _quoted(database.name), _quoted(database.owner)
    if not await server.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        await server.execute(f"GRANT {owner} TO CURRENT_USER")
    if not await server.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", database.name):
        await server.execute(
            f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'"
        )
    await server.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await server.execute(f"GRANT CONNECT ON DATABASE {name} TO {_quoted(database.name)}")


async def _ensure_schema(admin_url: str, database: Database) -> None:
    """Install the extensions and hand the schema to the owner."""
    inside = await _connect(
        _address(admin_url, "postgresql", urlsplit(admin_url).netloc, database.name)
    )
    owner, application = _quoted(database.owner), _quoted(database.name)
    try:
        for extension in EXTENSIONS:
            await inside.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
        await inside.execute(f"ALTER SCHEMA public OWNER TO {owner}")
        await inside.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
        await inside.execute(f"GRANT USAGE ON SCHEMA public TO {application}")
    finally:
        await inside.close()


async def _connect(url: str) -> asyncpg.Connection:
    parts = urlsplit(url)
    try:
        return await asyncpg.connect(urlunsplit(parts._replace(scheme="postgresql")))
    except (OSError, asyncpg.PostgresError) as error:
        raise Refusal(
            f"PostgreSQL di {parts.hostname or 'soket lokal'} menolak: {error}"
        ) from error


def _address(url: str, scheme: str, netloc: str, database: str) -> str:
    return urlunsplit((scheme, netloc, f"/{database}", urlsplit(url).query, ""))


def _quoted(name: str) -> str:
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
