"""The copies of what others own, and the documents."""

from shared.migrations import (
    create_plumbing,
    grant,
    run_sql,
    scope_by_customer,
    scope_by_owner,
)

revision = "0001"
down_revision = None

_COPIES = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    phone text,
    disabled boolean NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE TABLE products (
    id uuid PRIMARY KEY,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    price_idr bigint NOT NULL CHECK (price_idr > 0),
    active boolean NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    name text NOT NULL,
    sort_name text GENERATED ALWAYS AS (lower(name)) STORED,
    phone text NOT NULL,
    address text NOT NULL,
    email text,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'inactive')),
    registered_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX customers_order ON customers (sort_name, id)
--
CREATE INDEX customers_marketing ON customers (marketing_id, sort_name, id)
--
CREATE TABLE bookings (
    id uuid PRIMARY KEY,
    number text NOT NULL,
    customer_id uuid NOT NULL,
    status text NOT NULL,
    items jsonb NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    notes text NOT NULL,
    booked_at timestamptz NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX bookings_customer ON bookings (customer_id)
--
CREATE TABLE plans (
    id uuid PRIMARY KEY,
    booking_id uuid NOT NULL,
    booking_number text NOT NULL,
    customer_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('cash', 'installment', 'monthly')),
    title text NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX plans_customer ON plans (customer_id)
--
CREATE TABLE plan_lines (
    plan_id uuid NOT NULL REFERENCES plans (id),
    no integer NOT NULL CHECK (no > 0),
    customer_id uuid NOT NULL,
    kind text NOT NULL,
    label text NOT NULL,
    due_on date NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    invoice_id uuid,
    lapsed boolean NOT NULL,
    PRIMARY KEY (plan_id, no)
)
--
CREATE INDEX plan_lines_customer ON plan_lines (customer_id, due_on)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    customer_id uuid NOT NULL,
    booking_id uuid,
    plan_id uuid,
    plan_line_no integer,
    title text NOT NULL,
    status text NOT NULL
        CHECK (status IN ('draft', 'issued', 'partially_paid', 'paid', 'cancelled')),
    issued_at timestamptz NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    lines jsonb NOT NULL,
    cancel_reason text,
    cancelled_on date,
    version bigint NOT NULL CHECK (version > 0),
    CHECK ((status = 'cancelled') = (cancelled_on IS NOT NULL))
)
--
CREATE INDEX invoices_customer ON invoices (customer_id, due_on)
--
CREATE INDEX invoices_due ON invoices (due_on)
--
CREATE INDEX invoices_plan ON invoices (plan_id, plan_line_no)
--
CREATE TABLE virtual_accounts (
    id uuid PRIMARY KEY,
    invoice_id uuid,
    customer_id uuid NOT NULL,
    number text,
    holder_name text NOT NULL,
    status text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    expires_at timestamptz,
    trouble text,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX virtual_accounts_invoice ON virtual_accounts (invoice_id, version DESC)
--
CREATE INDEX virtual_accounts_customer ON virtual_accounts (customer_id)
--
CREATE TABLE payments (
    id uuid PRIMARY KEY,
    customer_id uuid,
    channel text NOT NULL,
    virtual_account text,
    bank_reference text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    unallocated_idr bigint NOT NULL CHECK (unallocated_idr BETWEEN 0 AND amount_idr),
    paid_at timestamptz NOT NULL,
    paid_on date NOT NULL,
    received_at timestamptz NOT NULL,
    status text NOT NULL CHECK (status IN ('posted', 'allocated', 'reversed')),
    verification text NOT NULL CHECK (verification IN ('unverified', 'verified', 'disputed')),
    reason text,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX payments_customer ON payments (customer_id, paid_on)
--
CREATE INDEX payments_day ON payments (paid_on)
--
CREATE TABLE allocations (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    customer_id uuid,
    invoice_id uuid NOT NULL,
    invoice_number text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    reversed boolean NOT NULL
)
--
CREATE INDEX allocations_invoice ON allocations (invoice_id) WHERE NOT reversed
--
CREATE INDEX allocations_payment ON allocations (payment_id)
--
CREATE INDEX allocations_customer ON allocations (customer_id)
--
CREATE TABLE messages (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    purpose text NOT NULL,
    sent boolean NOT NULL,
    version bigint NOT NULL CHECK (version > 0)
)
--
CREATE INDEX messages_invoice ON messages (invoice_id) WHERE sent
"""

_VIEWS = """
CREATE VIEW owed WITH (security_invoker = true) AS
SELECT i.customer_id, i.id AS invoice_id, i.plan_id, i.plan_line_no AS line_no, i.due_on,
       i.total_idr, COALESCE(p.paid_idr, 0) AS paid_idr,
       i.total_idr - COALESCE(p.paid_idr, 0) AS unpaid_idr, true AS invoiced
FROM invoices i
LEFT JOIN LATERAL (
    SELECT sum(a.amount_idr)::bigint AS paid_idr FROM allocations a
    WHERE a.invoice_id = i.id AND NOT a.reversed
) p ON true
WHERE i.status NOT IN ('draft', 'cancelled')
UNION ALL
SELECT l.customer_id, NULL, l.plan_id, l.no, l.due_on, l.amount_idr, 0, l.amount_idr, false
FROM plan_lines l
WHERE NOT l.lapsed AND l.kind <> 'monthly'
  AND NOT EXISTS (SELECT FROM invoices i WHERE i.id = l.invoice_id)
  AND NOT EXISTS (
      SELECT FROM invoices i
      WHERE i.plan_id = l.plan_id AND i.plan_line_no = l.no AND i.status <> 'cancelled'
  )
"""

_DOCUMENTS = """
CREATE TABLE documents (
    id uuid PRIMARY KEY,
    kind text NOT NULL
        CHECK (kind IN ('invoice', 'provisional_receipt', 'receipt', 'customer_recap')),
    number text NOT NULL UNIQUE,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    payment_id uuid,
    revision integer NOT NULL CHECK (revision > 0),
    issued_at timestamptz NOT NULL,
    CHECK ((kind = 'invoice') = (invoice_id IS NOT NULL)),
    CHECK ((kind IN ('provisional_receipt', 'receipt')) = (payment_id IS NOT NULL)),
    UNIQUE (kind, invoice_id),
    UNIQUE (kind, payment_id)
)
--
CREATE INDEX documents_customer ON documents (customer_id, issued_at DESC)
--
CREATE TABLE document_revisions (
    document_id uuid NOT NULL REFERENCES documents (id),
    revision integer NOT NULL CHECK (revision > 0),
    customer_id uuid NOT NULL,
    facts_hash text NOT NULL,
    paper jsonb NOT NULL,
    paper_hash text NOT NULL,
    file_name text NOT NULL,
    frozen_at timestamptz NOT NULL,
    PRIMARY KEY (document_id, revision)
)
--
CREATE TABLE document_links (
    id uuid PRIMARY KEY,
    document_id uuid NOT NULL REFERENCES documents (id),
    customer_id uuid NOT NULL,
    token text NOT NULL UNIQUE CHECK (length(token) >= 22),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    opened integer NOT NULL DEFAULT 0 CHECK (opened >= 0)
)
--
CREATE INDEX document_links_document ON document_links (document_id, expires_at DESC)
"""

# Who holds a link's token sees that link's document and nothing else, without any identity.
_LINK_POLICIES = """
CREATE POLICY holder ON document_links FOR SELECT
    USING (token = current_setting('lunas.document_token', true))
--
CREATE POLICY holder_counts ON document_links FOR UPDATE
    USING (token = current_setting('lunas.document_token', true))
    WITH CHECK (token = current_setting('lunas.document_token', true))
--
CREATE POLICY holder ON documents FOR SELECT
    USING (id IN (SELECT document_id FROM document_links
                  WHERE token = current_setting('lunas.document_token', true)))
--
CREATE POLICY holder ON document_revisions FOR SELECT
    USING (document_id IN (SELECT document_id FROM document_links
                           WHERE token = current_setting('lunas.document_token', true)))
"""

_FOLLOWING_THE_CUSTOMER = (
    "bookings",
    "plans",
    "plan_lines",
    "invoices",
    "virtual_accounts",
    "payments",
    "allocations",
    "messages",
    "documents",
    "document_revisions",
    "document_links",
)


def upgrade() -> None:
    create_plumbing()
    run_sql(_COPIES)
    run_sql(_VIEWS)
    run_sql(_DOCUMENTS)
    scope_by_owner("customers")
    for table in _FOLLOWING_THE_CUSTOMER:
        scope_by_customer(table)
    run_sql(_LINK_POLICIES)
    for table in ("users", "products", "customers", *_FOLLOWING_THE_CUSTOMER):
        if table != "document_revisions":
            grant(table, "SELECT, INSERT, UPDATE")
    grant("document_revisions", "SELECT, INSERT")
    grant("owed", "SELECT")
