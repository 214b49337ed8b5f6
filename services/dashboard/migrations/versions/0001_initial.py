"""The plumbing, the small copies that scope and name live events, and the events themselves."""

from alembic import op

from shared.migrations import (
    app_role,
    create_plumbing,
    grant,
    run_sql,
    scope_by_customer,
    scope_by_owner,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_plumbing()
    run_sql(_TABLES)
    grant("customers", "SELECT, INSERT, UPDATE")
    grant("invoices", "SELECT, INSERT, UPDATE")
    grant("live_events", "SELECT, INSERT, DELETE")
    op.execute(f'GRANT USAGE ON SEQUENCE "live_events_id_seq" TO "{app_role()}"')
    scope_by_owner("customers")
    scope_by_customer("invoices")
    scope_by_customer("live_events")


_TABLES = """
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX customers_marketing ON customers (marketing_id)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE TABLE live_events (
    id bigserial PRIMARY KEY,
    at timestamptz NOT NULL,
    type text NOT NULL,
    customer_id uuid,
    object_id uuid NOT NULL,
    object_version integer NOT NULL CHECK (object_version > 0),
    names jsonb NOT NULL,
    facts jsonb NOT NULL
)
--
CREATE INDEX live_events_object ON live_events (object_id, type, object_version)
--
CREATE INDEX live_events_at ON live_events (at)
--
CREATE TRIGGER live_events_wake AFTER INSERT ON live_events
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_live')
"""
