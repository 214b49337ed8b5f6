"""Virtual accounts, payments the bank told of, quarantine, exchanges, work for the bank."""

from alembic import op

from shared import migrations

revision = "0001"
down_revision = None

TABLES = """
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    version bigint NOT NULL
)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers,
    number text NOT NULL,
    title text NOT NULL,
    status text NOT NULL,
    due_on date NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    paid_idr bigint NOT NULL CHECK (paid_idr BETWEEN 0 AND total_idr),
    version bigint NOT NULL
)
--
CREATE INDEX invoices_customer ON invoices (customer_id)
--
CREATE SEQUENCE account_no
--
CREATE TABLE virtual_accounts (
    id uuid PRIMARY KEY,
    invoice_id uuid NOT NULL REFERENCES invoices,
    customer_id uuid NOT NULL REFERENCES customers,
    trx_id text NOT NULL UNIQUE CHECK (length(trx_id) BETWEEN 1 AND 30),
    account_number text NOT NULL CHECK (account_number ~ '^[0-9]{16}$'),
    billing_type text NOT NULL CHECK (billing_type IN ('c', 'o', 'i', 'm', 'n', 'x')),
    holder_name text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    expires_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN
        ('requested', 'unknown', 'active', 'paid', 'expired', 'cancelled', 'failed')),
    trouble text,
    wanted_closed boolean NOT NULL,
    bank_status text,
    bank_paid_idr bigint CHECK (bank_paid_idr >= 0),
    asked_at timestamptz,
    version bigint NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
)
--
CREATE UNIQUE INDEX one_open_account_per_invoice ON virtual_accounts (invoice_id)
    WHERE status IN ('requested', 'unknown', 'active')
--
CREATE UNIQUE INDEX one_open_account_per_number ON virtual_accounts (account_number)
    WHERE status IN ('requested', 'unknown', 'active')
--
CREATE INDEX virtual_accounts_invoice ON virtual_accounts (invoice_id, id DESC)
--
CREATE INDEX virtual_accounts_customer ON virtual_accounts (customer_id, id DESC)
--
CREATE FUNCTION check_account_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status || '>' || NEW.status NOT IN (
        'requested>active', 'requested>failed', 'requested>unknown',
        'unknown>active', 'unknown>failed',
        'active>paid', 'active>expired', 'active>cancelled'
    ) THEN
        RAISE EXCEPTION 'account cannot move from % to %', OLD.status, NEW.status
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
--
CREATE TRIGGER virtual_accounts_move BEFORE UPDATE OF status ON virtual_accounts
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION check_account_move()
--
CREATE TABLE billing_versions (
    virtual_account_id uuid NOT NULL REFERENCES virtual_accounts,
    no integer NOT NULL CHECK (no > 0),
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    expires_at timestamptz NOT NULL,
    registered_at timestamptz NOT NULL,
    PRIMARY KEY (virtual_account_id, no)
)
--
CREATE TABLE payments (
    id uuid PRIMARY KEY,
    client_id text NOT NULL,
    trx_id text NOT NULL,
    virtual_account text NOT NULL CHECK (virtual_account ~ '^[0-9]{16}$'),
    virtual_account_id uuid REFERENCES virtual_accounts,
    invoice_id uuid REFERENCES invoices,
    customer_id uuid REFERENCES customers,
    billed_idr bigint NOT NULL CHECK (billed_idr >= 0),
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    cumulative_idr bigint NOT NULL CHECK (cumulative_idr >= amount_idr),
    covered int8range NOT NULL GENERATED ALWAYS AS
        (int8range(cumulative_idr - amount_idr, cumulative_idr, '(]')) STORED,
    payment_ntb text NOT NULL,
    payer_name text NOT NULL,
    paid_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    source text NOT NULL CHECK (source IN ('callback', 'inquiry')),
    status text NOT NULL CHECK (status IN ('received', 'unmatched')),
    verification text NOT NULL CHECK (verification IN ('unverified', 'verified', 'disputed')),
    version bigint NOT NULL CHECK (version > 0),
    CHECK ((status = 'unmatched') <= (virtual_account_id IS NULL)),
    CONSTRAINT payments_do_not_overlap EXCLUDE USING gist
        (client_id WITH =, trx_id WITH =, covered WITH &&) WHERE (verification <> 'disputed')
)
--
CREATE UNIQUE INDEX payments_journal ON payments (client_id, trx_id, payment_ntb, paid_at)
    WHERE verification <> 'disputed'
--
CREATE INDEX payments_trx ON payments (trx_id)
--
CREATE TABLE quarantined_notices (
    id uuid PRIMARY KEY,
    fingerprint text NOT NULL UNIQUE,
    trx_id text NOT NULL,
    contradiction text NOT NULL,
    members jsonb NOT NULL,
    source text NOT NULL,
    times_seen integer NOT NULL CHECK (times_seen > 0),
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    state text NOT NULL CHECK (state IN ('quarantined', 'rejected'))
)
--
CREATE INDEX quarantined_notices_trx ON quarantined_notices (trx_id) WHERE state = 'quarantined'
--
CREATE TABLE exchanges (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    operation text NOT NULL,
    trx_id text NOT NULL,
    status text NOT NULL,
    sealed_sent bytea NOT NULL,
    sealed_received bytea NOT NULL
)
--
CREATE INDEX exchanges_at ON exchanges (at)
--
CREATE INDEX exchanges_trx ON exchanges (trx_id, at)
--
CREATE TABLE work (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('open', 'update', 'deactivate', 'verify', 'watch')),
    subject_id uuid NOT NULL,
    call text NOT NULL CHECK (call IN ('create', 'update', 'deactivate', 'inquire')),
    due_at timestamptz,
    leased_until timestamptz,
    failures integer NOT NULL CHECK (failures >= 0),
    answers integer NOT NULL CHECK (answers >= 0),
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL,
    UNIQUE (kind, subject_id)
)
--
CREATE INDEX work_due ON work (due_at) WHERE due_at IS NOT NULL
--
CREATE TRIGGER work_wake AFTER INSERT OR UPDATE OF due_at ON work
    FOR EACH STATEMENT EXECUTE FUNCTION wake('bank_gateway_work')
"""

RIGHTS = {
    "customers": "SELECT, INSERT, UPDATE",
    "invoices": "SELECT, INSERT, UPDATE",
    "virtual_accounts": "SELECT, INSERT, UPDATE",
    "billing_versions": "SELECT, INSERT",
    "payments": "SELECT, INSERT, UPDATE (status, verification, payment_ntb, version)",
    "quarantined_notices": "SELECT, INSERT, UPDATE (times_seen, last_seen_at, state)",
    "exchanges": "SELECT, INSERT, DELETE",
    "work": "SELECT, INSERT, UPDATE, DELETE",
}


def upgrade() -> None:
    migrations.create_plumbing()
    migrations.run_sql(TABLES)
    for table, rights in RIGHTS.items():
        migrations.grant(table, rights)
    op.execute(f'GRANT USAGE ON SEQUENCE account_no TO "{migrations.app_role()}"')
    migrations.scope_by_owner("customers")
    for table in ("invoices", "virtual_accounts", "payments"):
        migrations.scope_by_customer(table)
    _scope("billing_versions", "virtual_account_id IN (SELECT id FROM virtual_accounts)")
    for table in ("quarantined_notices", "exchanges"):
        _scope(table, "false")


def _scope(table: str, own: str) -> None:
    """Row-level security of what only a whole view, or its parent's viewer, may see (A3)."""
    rule = f"(SELECT current_setting('lunas.scope', true)) = 'all' OR {own}"
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON {table} USING ({rule}) WITH CHECK ({rule})")
