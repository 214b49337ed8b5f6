"""Messages, notices, and the copies of what they speak of."""

from alembic import op

from shared.migrations import create_plumbing, grant, run_sql, scope_by_customer, scope_by_owner

revision = "0001"
down_revision = None

_COPIES = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    version integer NOT NULL
)
--
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    phone text NOT NULL,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    version integer NOT NULL
)
--
CREATE INDEX customers_owner ON customers (marketing_id)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    number text NOT NULL,
    about text NOT NULL,
    total_idr bigint NOT NULL,
    paid_idr bigint NOT NULL CHECK (paid_idr BETWEEN 0 AND total_idr),
    due_on date NOT NULL,
    status text NOT NULL,
    version integer NOT NULL
)
--
CREATE TABLE virtual_accounts (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    number text,
    holder_name text NOT NULL,
    status text NOT NULL,
    version integer NOT NULL
)
--
CREATE INDEX virtual_accounts_invoice ON virtual_accounts (invoice_id)
--
CREATE TABLE payments (
    id uuid PRIMARY KEY,
    customer_id uuid,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    paid_at timestamptz NOT NULL,
    invoice_numbers text NOT NULL,
    status text NOT NULL,
    verification text NOT NULL,
    version integer NOT NULL
)
--
CREATE TABLE documents (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    payment_id uuid,
    revision integer NOT NULL,
    link_path text NOT NULL,
    version integer NOT NULL
)
--
CREATE INDEX documents_invoice ON documents (invoice_id)
--
CREATE INDEX documents_payment ON documents (payment_id)
"""

_OWN = """
CREATE TABLE messages (
    id uuid PRIMARY KEY,
    channel text NOT NULL CHECK (channel = 'whatsapp_link'),
    template text NOT NULL CHECK (template IN ('invoice', 'receipt')),
    object_id uuid NOT NULL,
    recipient text NOT NULL,
    purpose text NOT NULL,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    payment_id uuid,
    text text NOT NULL,
    sent_by_id uuid NOT NULL,
    sent_by_name text NOT NULL,
    created_at timestamptz NOT NULL,
    opened_at timestamptz NOT NULL,
    opened_count integer NOT NULL CHECK (opened_count > 0),
    UNIQUE (template, object_id, recipient, purpose),
    CHECK (object_id = coalesce(invoice_id, payment_id))
)
--
CREATE INDEX messages_customer ON messages (customer_id, id DESC)
--
CREATE TABLE notices (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    source_id uuid NOT NULL,
    audience text NOT NULL CHECK (audience IN ('owner', 'previous_owner', 'admins')),
    user_id uuid,
    customer_id uuid,
    text text NOT NULL,
    link text,
    at timestamptz NOT NULL,
    UNIQUE (kind, source_id, audience),
    CHECK ((audience = 'admins') = (user_id IS NULL))
)
--
CREATE INDEX notices_user ON notices (user_id, id DESC)
--
CREATE TABLE notice_reads (
    user_id uuid NOT NULL,
    notice_id uuid NOT NULL REFERENCES notices (id),
    read_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, notice_id)
)
"""

_NOTICE_POLICY = """
CREATE POLICY scope ON notices
    USING (
        (SELECT current_setting('lunas.scope', true)) = 'all'
        OR user_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid
        AND (audience = 'previous_owner' OR customer_id IN (SELECT id FROM customers))
    )
    WITH CHECK ((SELECT current_setting('lunas.scope', true)) = 'all')
"""

_READS_POLICY = """
CREATE POLICY scope ON notice_reads
    USING (
        (SELECT current_setting('lunas.scope', true)) = 'all'
        OR user_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid
    )
"""

_COPIED = ("users", "customers", "invoices", "virtual_accounts", "payments", "documents")


def upgrade() -> None:
    create_plumbing()
    run_sql(_COPIES)
    run_sql(_OWN)
    for table in (*_COPIED, "messages"):
        grant(table, "SELECT, INSERT, UPDATE")
    for table in ("notices", "notice_reads"):
        grant(table, "SELECT, INSERT")
    scope_by_owner("customers")
    for table in ("invoices", "virtual_accounts", "payments", "documents", "messages"):
        scope_by_customer(table)
    _scope_by_reader("notices", _NOTICE_POLICY)
    _scope_by_reader("notice_reads", _READS_POLICY)


def _scope_by_reader(table: str, policy: str) -> None:
    """A notice is for one reader, and follows the customer away from him (A2, A6)."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY')
    op.execute(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY')
    run_sql(policy)
