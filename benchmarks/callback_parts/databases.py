"""The databases of a measurement: the service's own, full of open billings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from callback_parts import notices, usage
from shared.principal import Principal
from shared.testing import Database, Templates

SERVICE = Path(__file__).parents[2] / "services" / "bank-gateway"
BILLINGS = Path(__file__).with_name("billings.sql")
WRITTEN = ("payments", "outbox", "audit_log", "work", "exchanges")
"""Every table in which a notification leaves a row."""

_OURS = {"exchanges": "WHERE operation = 'callback'"}
_NO_WAKING = """
ALTER TABLE outbox DISABLE TRIGGER outbox_wake;
ALTER TABLE work DISABLE TRIGGER work_wake;
"""
_TEXTS = """
SELECT client_id AS client, payer_name AS payer, outbox.body AS event, after::text AS facts,
    audit_log.correlation_id AS correlation, exchanges.facts::text AS kept,
    sealed_sent::text AS sent, sealed_received::text AS received
FROM payments
JOIN audit_log ON object_id = payments.id
JOIN exchanges USING (trx_id)
JOIN outbox ON outbox.body LIKE '%' || payments.id || '%'
WHERE trx_id = $1
"""


class Books:
    """Databases with so many billings each, made on the server of ``LUNAS_TEST_DATABASE_URL``."""

    def __init__(self, bills: int) -> None:
        self._bills = bills
        self._templates = Templates()

    def prepare(self) -> None:
        """Migrate; outside any event loop."""
        asyncio.run(self._templates.migrate(SERVICE))
        self._templates.upgrade(SERVICE)

    def make(self) -> Database:
        """Give a database of its own to one who is measured."""
        return asyncio.run(self._make())

    def drop_all(self) -> None:
        asyncio.run(self._templates.drop_all())

    def without_waking(self, database: Database) -> None:
        """Take away what wakes the relay and the worker: it makes commits wait for each other."""
        asyncio.run(self._run(database, _NO_WAKING))

    def checkpoint(self, database: Database) -> None:
        """Write everything out, so that nobody pays for who was measured before him."""
        asyncio.run(self._run(database, "CHECKPOINT"))

    def texts(self, database: Database, no: int) -> dict[str, str]:
        """Give the texts of the rows of one notification that the service has stored."""
        row = asyncio.run(self._row(database, _TEXTS, notices.trx_id(no)))
        actor = str(Principal.system("bank-gateway").user_id)
        return {**{name: str(value) for name, value in row.items()}, "actor": actor}

    def written(self, database: Database) -> dict[str, tuple[int, float]]:
        """Count the rows of each table, with their mean width in bytes."""
        width = "SELECT ARRAY[count(*), avg(pg_column_size({0}.*))] FROM {0}"
        parts = (f"({width.format(t)} {_OURS.get(t, '')}) AS {t}" for t in WRITTEN)
        row = asyncio.run(self._row(database, f"SELECT {', '.join(parts)}"))
        return {table: (int(count), float(width or 0)) for table, (count, width) in row.items()}

    def server(self, database: Database) -> dict[str, str]:
        """Tell what kind of server this is."""
        names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
        query = ", ".join(f"current_setting('{name}') AS {name}" for name in names)
        return dict(asyncio.run(self._row(database, f"SELECT {query}")))

    def server_pid(self, database: Database) -> int | None:
        """Give the process of the server, if it is on this machine."""

        async def ask() -> int | None:
            async with self._connected(database) as connection:
                return usage.server_of(connection.get_server_pid())

        return asyncio.run(ask())

    async def _make(self) -> Database:
        database = await self._templates.clone(SERVICE)
        async with self._connected(database) as connection:
            await connection.execute("SET lunas.scope = 'all'")
            await connection.execute(BILLINGS.read_text().replace(":bills", str(self._bills)))
            await connection.execute("VACUUM ANALYZE")
        return database

    async def _run(self, database: Database, statements: str) -> None:
        async with self._connected(database) as connection:
            await connection.execute(statements)

    async def _row(self, database: Database, query: str, *values: str) -> Mapping[str, object]:
        async with self._connected(database) as connection:
            return dict(await connection.fetchrow(query, *values))

    @asynccontextmanager
    async def _connected(self, database: Database) -> AsyncIterator[asyncpg.Connection]:
        """Connect as the one who may do everything."""
        connection = await asyncpg.connect(self._templates.address(database.name))
        try:
            yield connection
        finally:
            await connection.close()
