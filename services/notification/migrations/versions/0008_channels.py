"""Messages that the system sends: their turn, what the other side calls them, who wants none."""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0008"
down_revision = "0007"

_CHANGES = """
ALTER TABLE customers ADD COLUMN email text
--
ALTER TABLE messages
    ADD COLUMN due_at timestamptz,
    ADD COLUMN leased_until timestamptz,
    ADD COLUMN failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    ADD COLUMN provider_id text,
    ADD COLUMN told integer NOT NULL DEFAULT 1 CHECK (told >= 0),
    ADD CONSTRAINT messages_leased_while_sending
        CHECK ((state = 'sending') = (leased_until IS NOT NULL)),
    ADD CONSTRAINT messages_due_while_queued CHECK (due_at IS NULL OR state = 'queued')
--
UPDATE messages SET told = 0 WHERE opened_count = 0
--
ALTER TABLE messages ALTER COLUMN told DROP DEFAULT
--
CREATE INDEX messages_due ON messages (due_at) WHERE due_at IS NOT NULL
--
CREATE INDEX messages_leased ON messages (leased_until) WHERE leased_until IS NOT NULL
--
CREATE UNIQUE INDEX messages_provider ON messages (channel, provider_id)
    WHERE provider_id IS NOT NULL
--
CREATE TABLE message_stops (
    id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    reason text NOT NULL,
    added_by_name text NOT NULL,
    added_at timestamptz NOT NULL,
    lifted_by_name text,
    lifted_at timestamptz,
    CHECK ((lifted_at IS NULL) = (lifted_by_name IS NULL))
)
--
CREATE UNIQUE INDEX message_stops_once ON message_stops (customer_id) WHERE lifted_at IS NULL
"""


def upgrade() -> None:
    run_sql("SELECT set_config('lunas.scope', 'all', true)")
    run_sql(_CHANGES)
    grant("message_stops", "SELECT, INSERT, UPDATE")
    scope_by_customer("message_stops")
