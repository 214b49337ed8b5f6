"""Alembic for every service: the environment, and the parts that all migrations share.

Migrations run as the owner role ``<database>_owner``; the role that the service signs in with
has the database's own name and gets only what is granted here (A3).
"""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command, context, op
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.database import driver_url


def upgrade(folder: Path, url: str) -> None:
    """Bring one database to the newest version; ``url`` signs in as one who may be the owner."""
    config = Config()
    config.set_main_option("script_location", str(folder))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = url
    command.upgrade(config, "head")


def run_environment() -> None:
    """Body of every ``migrations/env.py``."""
    asyncio.run(_run(context.config.attributes["url"]))


async def _run(url: str) -> None:
    engine = create_async_engine(driver_url(url))
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
        await connection.commit()
    await engine.dispose()


def _migrate(connection: Connection) -> None:
    database = connection.execute(text("SELECT current_database()")).scalar_one()
    connection.execute(text(f'SET ROLE "{database}_owner"'))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


def app_role() -> str:
    """Name the role that the service signs in with: the database's own name."""
    name: str = op.get_bind().execute(text("SELECT current_database()")).scalar_one()
    return name


def run_sql(script: str) -> None:
    """Run statements separated by a line that holds only ``--``."""
    for statement in script.split("\n--\n"):
        if statement.strip():
            op.execute(text(statement.replace(":", "\\:")))


def grant(table: str, rights: str) -> None:
    """Grant rights on a table (and its sequences) to the service's role."""
    op.execute(f'GRANT {rights} ON "{table}" TO "{app_role()}"')


def scope_by_owner(table: str, column: str = "marketing_id") -> None:
    """Row-level security of what a Marketing owns, first of all customers (A2, A3)."""
    _protect(table, f"{column} = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid")


def scope_by_customer(table: str, column: str = "customer_id") -> None:
    """Row-level security of what follows the customer; ``customers`` is itself protected."""
    _protect(table, f"{column} IN (SELECT id FROM customers)")


def scope_by_parent(table: str, column: str, parent: str) -> None:
    """Row-level security of the parts of something that is itself protected."""
    _protect(table, f"{column} IN (SELECT id FROM {parent})")


def _protect(table: str, own: str) -> None:
    rule = f"(SELECT current_setting('lunas.scope', true)) = 'all' OR {own}"
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY scope ON "{table}" USING ({rule}) WITH CHECK ({rule})')


def expect_rows(table: str, column: str = "marketing_id") -> None:
    """Say the rule of ``scope_by_owner`` so that the planner expects rows.

    An equality with a text that it cannot know it takes for one row in two hundred, and then
    sorts a million rows to show fifty; a choice it takes for half.
    """
    everything = "(SELECT current_setting('lunas.scope', true)) = 'all'"
    own = f"{column} = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid"
    rule = f"CASE WHEN {everything} THEN true ELSE {own} END"
    op.execute(f'ALTER POLICY scope ON "{table}" USING ({rule}) WITH CHECK ({rule})')


def create_plumbing() -> None:
    """Create the tables of ``shared.tables`` with their triggers and rights, version 1."""
    run_sql(_PLUMBING)
    for table, rights in _RIGHTS.items():
        grant(table, rights)
    op.execute(f'GRANT USAGE ON SEQUENCE "outbox_position_seq" TO "{app_role()}"')


def list_audit() -> None:
    """Let the audit log be listed, say where a change came from, and keep when it was examined."""
    run_sql(_AUDIT_LIST)
    grant("audit_checks", "SELECT, INSERT")


_AUDIT_LIST = """
ALTER TABLE audit_log ADD COLUMN source text CHECK (source IN ('web', 'api'))
--
CREATE INDEX audit_log_time ON audit_log (at DESC, id DESC)
--
CREATE INDEX audit_log_person ON audit_log (actor_id, at DESC, id DESC)
    WHERE actor_role <> 'system'
--
CREATE TABLE audit_checks (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    seals bigint NOT NULL CHECK (seals >= 0),
    broken_no bigint CHECK (broken_no > 0)
)
--
CREATE INDEX audit_checks_time ON audit_checks (at DESC)
"""

_RIGHTS = {
    "outbox": "SELECT, INSERT, UPDATE (published_at)",
    "inbox": "SELECT, INSERT",
    "failed_deliveries": "SELECT, INSERT, UPDATE",
    "idempotency_keys": "SELECT, INSERT",
    "audit_log": "SELECT, INSERT",
    "audit_seals": "SELECT, INSERT",
    "number_series": "SELECT, INSERT, UPDATE",
}

_PLUMBING = """
CREATE TABLE outbox (
    position bigserial PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    routing_key text NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    published_at timestamptz
)
--
CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL
--
CREATE FUNCTION wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_ARGV[0], '');
    RETURN NULL;
END $$
--
CREATE TRIGGER outbox_wake AFTER INSERT ON outbox
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_outbox')
--
CREATE TABLE inbox (
    event_id uuid PRIMARY KEY,
    routing_key text NOT NULL,
    received_at timestamptz NOT NULL
)
--
CREATE TABLE failed_deliveries (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    routing_key text NOT NULL,
    body text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'dead', 'replayed', 'discarded')),
    reason text NOT NULL,
    attempts integer NOT NULL,
    retry_at timestamptz,
    failed_at timestamptz NOT NULL,
    CHECK ((state = 'waiting') = (retry_at IS NOT NULL))
)
--
CREATE INDEX failed_deliveries_due ON failed_deliveries (retry_at) WHERE state = 'waiting'
--
CREATE TRIGGER failed_deliveries_wake AFTER INSERT OR UPDATE ON failed_deliveries
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_failed_deliveries')
--
CREATE TABLE idempotency_keys (
    user_id uuid NOT NULL,
    operation text NOT NULL,
    key text NOT NULL,
    input_hash text NOT NULL,
    status integer NOT NULL,
    body text NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, operation, key)
)
--
CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    actor_name text NOT NULL,
    actor_role text NOT NULL,
    action text NOT NULL,
    object_type text NOT NULL,
    object_id uuid NOT NULL,
    before jsonb,
    after jsonb,
    reason text,
    correlation_id text NOT NULL
)
--
CREATE INDEX audit_log_object ON audit_log (object_id, at DESC)
--
CREATE TABLE audit_seals (
    seal_no bigint PRIMARY KEY,
    audit_id uuid NOT NULL UNIQUE REFERENCES audit_log (id),
    hash text NOT NULL
)
--
CREATE TABLE number_series (
    series text NOT NULL,
    period text NOT NULL,
    last bigint NOT NULL CHECK (last > 0),
    PRIMARY KEY (series, period)
)
"""
