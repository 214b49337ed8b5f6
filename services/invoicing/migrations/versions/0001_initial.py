"""What is owed: plans and invoices, with the copies they need of customers, money and accounts."""

from shared.migrations import create_plumbing, grant, run_sql, scope_by_customer, scope_by_owner

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    marketing_id uuid NOT NULL,
    marketing_name text NOT NULL,
    number text NOT NULL,
    name text NOT NULL,
    phone text NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX customers_marketing ON customers (marketing_id)
--
CREATE TABLE bookings (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    status text NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE TABLE plans (
    id uuid PRIMARY KEY,
    booking_id uuid NOT NULL UNIQUE REFERENCES bookings (id),
    booking_number text NOT NULL,
    customer_id uuid NOT NULL REFERENCES customers (id),
    kind text NOT NULL CHECK (kind IN ('cash', 'installment', 'monthly')),
    title text NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    terms jsonb NOT NULL,
    items jsonb NOT NULL,
    cancelled boolean NOT NULL,
    made_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX plans_customer ON plans (customer_id)
--
CREATE TABLE plan_lines (
    plan_id uuid NOT NULL REFERENCES plans (id),
    no integer NOT NULL CHECK (no > 0),
    customer_id uuid NOT NULL REFERENCES customers (id),
    kind text NOT NULL CHECK (kind IN ('down_payment', 'installment', 'monthly', 'cash')),
    label text NOT NULL,
    due_on date NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    invoice_id uuid UNIQUE,
    lapsed boolean NOT NULL,
    PRIMARY KEY (plan_id, no),
    CHECK (NOT (lapsed AND invoice_id IS NOT NULL))
)
--
CREATE UNIQUE INDEX plan_lines_one_per_month ON plan_lines (plan_id, due_on) WHERE kind = 'monthly'
--
CREATE INDEX plan_lines_due ON plan_lines (due_on)
--
CREATE TABLE invoices (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    customer_id uuid NOT NULL REFERENCES customers (id),
    booking_id uuid,
    plan_id uuid,
    plan_line_no integer,
    plan_kind text,
    title text NOT NULL,
    status text NOT NULL,
    issued_at timestamptz NOT NULL,
    due_on date NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr > 0),
    paid_idr bigint NOT NULL,
    cancel_reason text,
    issued_by text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    FOREIGN KEY (plan_id, plan_line_no) REFERENCES plan_lines (plan_id, no),
    CHECK ((plan_id IS NULL) = (plan_line_no IS NULL)),
    CONSTRAINT invoices_paid_within_total CHECK (paid_idr BETWEEN 0 AND total_idr),
    CONSTRAINT invoices_status_follows_paid CHECK (
        CASE status
            WHEN 'draft' THEN paid_idr = 0
            WHEN 'issued' THEN paid_idr = 0
            WHEN 'partially_paid' THEN paid_idr > 0 AND paid_idr < total_idr
            WHEN 'paid' THEN paid_idr = total_idr
            WHEN 'cancelled' THEN paid_idr = 0 AND cancel_reason IS NOT NULL
            ELSE false
        END
    )
)
--
CREATE UNIQUE INDEX invoices_one_per_line ON invoices (plan_id, plan_line_no)
    WHERE status <> 'cancelled'
--
ALTER TABLE plan_lines ADD FOREIGN KEY (invoice_id) REFERENCES invoices (id)
    DEFERRABLE INITIALLY DEFERRED
--
CREATE INDEX invoices_newest ON invoices (issued_at DESC, id DESC)
--
CREATE INDEX invoices_customer ON invoices (customer_id, issued_at DESC, id DESC)
--
CREATE INDEX invoices_booking ON invoices (booking_id)
--
CREATE INDEX invoices_open_due ON invoices (due_on) WHERE status IN ('issued', 'partially_paid')
--
CREATE TABLE invoice_lines (
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    no integer NOT NULL CHECK (no > 0),
    customer_id uuid NOT NULL REFERENCES customers (id),
    description text NOT NULL,
    quantity bigint NOT NULL CHECK (quantity > 0),
    unit_price_idr bigint NOT NULL CHECK (unit_price_idr > 0),
    amount_idr bigint NOT NULL CHECK (amount_idr = quantity * unit_price_idr),
    PRIMARY KEY (invoice_id, no)
)
--
CREATE TABLE payments (
    id uuid PRIMARY KEY,
    customer_id uuid REFERENCES customers (id),
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE TABLE allocations (
    payment_id uuid NOT NULL REFERENCES payments (id),
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    customer_id uuid NOT NULL REFERENCES customers (id),
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    PRIMARY KEY (payment_id, invoice_id)
)
--
CREATE INDEX allocations_invoice ON allocations (invoice_id)
--
CREATE TABLE virtual_accounts (
    invoice_id uuid PRIMARY KEY REFERENCES invoices (id),
    id uuid NOT NULL,
    customer_id uuid NOT NULL REFERENCES customers (id),
    number text,
    holder_name text NOT NULL,
    status text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    expires_at timestamptz,
    trouble text,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX virtual_accounts_number ON virtual_accounts (number)
--
CREATE TABLE billing_runs (
    id uuid PRIMARY KEY,
    period text NOT NULL,
    marketing_id uuid,
    customer_id uuid,
    dry_run boolean NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'done', 'stopped')),
    total integer NOT NULL,
    done integer NOT NULL,
    created integer NOT NULL,
    skipped integer NOT NULL,
    failed integer NOT NULL,
    total_idr bigint NOT NULL CHECK (total_idr >= 0),
    requested_by uuid NOT NULL,
    requested_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    CHECK (created >= 0 AND skipped >= 0 AND failed >= 0),
    CHECK (done = created + skipped + failed AND done <= total)
)
"""

_SCOPED = (
    "bookings",
    "plans",
    "plan_lines",
    "invoices",
    "invoice_lines",
    "payments",
    "allocations",
    "virtual_accounts",
)


def upgrade() -> None:
    create_plumbing()
    run_sql(_TABLES)
    for table in ("customers", *_SCOPED, "billing_runs"):
        grant(table, "SELECT, INSERT" if table == "invoice_lines" else "SELECT, INSERT, UPDATE")
    scope_by_owner("customers")
    scope_by_owner("billing_runs")
    for table in _SCOPED:
        scope_by_customer(table)
