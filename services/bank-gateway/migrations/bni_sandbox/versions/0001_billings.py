"""Billings, payments, notifications under way, faults."""

from alembic import op

from shared import migrations

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE billing (
    trx_id text PRIMARY KEY CHECK (length(trx_id) BETWEEN 1 AND 30),
    virtual_account text NOT NULL CHECK (virtual_account ~ '^[0-9]{16}$'),
    billing_type text NOT NULL CHECK (billing_type IN ('c', 'o', 'i', 'm', 'n', 'x')),
    status text NOT NULL CHECK (status IN ('active', 'settled', 'expired', 'inactive')),
    trx_amount_idr bigint NOT NULL CHECK (trx_amount_idr >= 0),
    paid_idr bigint NOT NULL CHECK (paid_idr >= 0),
    customer_name text NOT NULL,
    customer_email text NOT NULL,
    customer_phone text NOT NULL,
    description text NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    payment_ntb text,
    paid_at timestamptz,
    CHECK ((billing_type = 'o') = (trx_amount_idr = 0)),
    CHECK ((paid_idr > 0) = (payment_ntb IS NOT NULL))
)
--
CREATE UNIQUE INDEX billing_active_account ON billing (virtual_account) WHERE status = 'active'
--
CREATE INDEX billing_account ON billing (virtual_account text_pattern_ops, created_at DESC)
--
CREATE SEQUENCE payment_ntb START 100001
--
CREATE TABLE payment (
    id uuid PRIMARY KEY,
    trx_id text NOT NULL REFERENCES billing,
    ntb text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    cumulative_idr bigint NOT NULL CHECK (cumulative_idr >= amount_idr),
    paid_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    UNIQUE (trx_id, cumulative_idr)
)
--
CREATE TABLE delivery (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payment,
    members jsonb NOT NULL,
    state text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed', 'withheld')),
    attempts integer NOT NULL,
    due_at timestamptz,
    leased_until timestamptz,
    ended_at timestamptz,
    answer text NOT NULL,
    CHECK ((state = 'pending') = (due_at IS NOT NULL)),
    CHECK ((state = 'pending') = (ended_at IS NULL))
)
--
CREATE INDEX delivery_due ON delivery (due_at) WHERE state = 'pending'
--
CREATE INDEX delivery_payment ON delivery (payment_id)
--
CREATE TRIGGER delivery_wake AFTER INSERT OR UPDATE OF due_at ON delivery
    FOR EACH STATEMENT EXECUTE FUNCTION wake('bni_sandbox_delivery')
--
CREATE TABLE request (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    operation text NOT NULL,
    trx_id text NOT NULL,
    status text NOT NULL
)
--
CREATE INDEX request_recent ON request (operation, at)
--
CREATE TABLE fault_settings (
    id integer PRIMARY KEY CHECK (id = 1),
    faults jsonb NOT NULL
)
"""


def upgrade() -> None:
    migrations.create_plumbing()
    migrations.run_sql(TABLES)
    for table in ("billing", "payment", "delivery", "fault_settings"):
        migrations.grant(table, "SELECT, INSERT, UPDATE")
    migrations.grant("request", "SELECT, INSERT")
    op.execute(f'GRANT USAGE ON SEQUENCE payment_ntb TO "{migrations.app_role()}"')
