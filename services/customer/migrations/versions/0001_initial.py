"""Customers, products, bookings, and who may see them."""

from shared.migrations import create_plumbing, grant, run_sql, scope_by_customer, scope_by_owner

revision = "0001"
down_revision = None

_TABLES = """
CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    role text NOT NULL,
    disabled boolean NOT NULL,
    phone text,
    version integer NOT NULL
)
--
CREATE TABLE customers (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    name text NOT NULL CHECK (name <> ''),
    phone text NOT NULL CHECK (phone ~ '^[+][1-9][0-9]{6,14}$'),
    address text NOT NULL,
    email text,
    marketing_id uuid NOT NULL REFERENCES users (id),
    marketing_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('active', 'inactive')),
    version integer NOT NULL CHECK (version > 0),
    registered_at timestamptz NOT NULL
)
--
CREATE INDEX customers_owner ON customers (marketing_id, id DESC)
--
CREATE INDEX customers_phone ON customers (phone)
--
CREATE TABLE reassignments (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    from_id uuid NOT NULL,
    from_name text NOT NULL,
    to_id uuid NOT NULL,
    to_name text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    decided_by text NOT NULL,
    at timestamptz NOT NULL,
    CHECK (from_id <> to_id)
)
--
CREATE INDEX reassignments_customer ON reassignments (customer_id, at DESC)
--
CREATE TABLE products (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    description text NOT NULL,
    price_idr bigint NOT NULL CHECK (price_idr BETWEEN 1 AND 99999999999999),
    kind text NOT NULL CHECK (kind IN ('one_off', 'subscription')),
    active boolean NOT NULL,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE TABLE bookings (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE,
    customer_id uuid NOT NULL REFERENCES customers (id),
    status text NOT NULL CHECK (status IN ('draft', 'confirmed', 'completed', 'cancelled')),
    total_idr bigint NOT NULL CHECK (total_idr BETWEEN 1 AND 99999999999999),
    notes text NOT NULL,
    plan jsonb NOT NULL,
    booked_by_id uuid NOT NULL,
    booked_by_name text NOT NULL,
    booked_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    cancel_reason text,
    version integer NOT NULL CHECK (version > 0),
    UNIQUE (id, customer_id),
    CHECK (status <> 'draft' OR confirmed_at IS NULL),
    CHECK (status NOT IN ('confirmed', 'completed') OR confirmed_at IS NOT NULL),
    CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
    CHECK ((cancelled_at IS NULL) = (cancel_reason IS NULL))
)
--
CREATE INDEX bookings_customer ON bookings (customer_id, id DESC)
--
CREATE TABLE booking_items (
    booking_id uuid NOT NULL,
    line_no integer NOT NULL CHECK (line_no > 0),
    customer_id uuid NOT NULL,
    product_id uuid NOT NULL REFERENCES products (id),
    product_name text NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price_idr bigint NOT NULL CHECK (unit_price_idr > 0),
    amount_idr bigint NOT NULL CHECK (amount_idr = quantity * unit_price_idr),
    PRIMARY KEY (booking_id, line_no),
    FOREIGN KEY (booking_id, customer_id) REFERENCES bookings (id, customer_id)
)
--
CREATE TABLE change_requests (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL REFERENCES customers (id),
    status text NOT NULL CHECK (status IN ('open', 'applied', 'refused')),
    changes jsonb NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    asked_by_id uuid NOT NULL,
    asked_by_name text NOT NULL,
    asked_at timestamptz NOT NULL,
    decided_by_id uuid,
    decided_by_name text,
    decided_at timestamptz,
    words text,
    before jsonb,
    after jsonb,
    CHECK ((status = 'open') = (decided_at IS NULL)),
    CHECK ((status = 'applied') = (after IS NOT NULL))
)
--
CREATE INDEX change_requests_customer ON change_requests (customer_id, id DESC)
"""

_RIGHTS = {
    "users": "SELECT, INSERT, UPDATE",
    "customers": "SELECT, INSERT, UPDATE",
    "reassignments": "SELECT, INSERT",
    "products": "SELECT, INSERT, UPDATE",
    "bookings": "SELECT, INSERT, UPDATE",
    "booking_items": "SELECT, INSERT",
    "change_requests": "SELECT, INSERT, UPDATE",
}


def upgrade() -> None:
    create_plumbing()
    run_sql(_TABLES)
    for table, rights in _RIGHTS.items():
        grant(table, rights)
    scope_by_owner("customers")
    for table in ("reassignments", "bookings", "booking_items", "change_requests"):
        scope_by_customer(table)
