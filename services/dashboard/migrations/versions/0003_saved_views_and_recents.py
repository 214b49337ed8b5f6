"""What people keep for themselves: lists as they want them again, and what they opened last."""

from shared.migrations import grant, run_sql

revision = "0003"
down_revision = "0002"

_TABLES = """
CREATE TABLE recents (
    user_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('customer', 'invoice')),
    object_id uuid NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (user_id, kind, object_id)
)
--
CREATE INDEX recents_newest ON recents (user_id, at DESC)
--
CREATE TABLE saved_views (
    id uuid PRIMARY KEY,
    list_key text NOT NULL CHECK (list_key IN ('customers', 'invoices', 'payments', 'bookings')),
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    query text NOT NULL CHECK (length(query) <= 2000),
    owner_id uuid NOT NULL,
    owner_name text NOT NULL,
    shared boolean NOT NULL,
    made_at timestamptz NOT NULL,
    UNIQUE (owner_id, list_key, name)
)
--
CREATE INDEX saved_views_shared ON saved_views (list_key) WHERE shared
"""


def upgrade() -> None:
    run_sql(_TABLES)
    grant("recents", "SELECT, INSERT, UPDATE, DELETE")
    grant("saved_views", "SELECT, INSERT, UPDATE, DELETE")
