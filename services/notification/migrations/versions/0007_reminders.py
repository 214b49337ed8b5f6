"""The reminder ladder: its rules as versions, when each bill is looked at, each step once."""

from shared.migrations import grant, run_sql, scope_by_parent

revision = "0007"
down_revision = "0006"

_RULES = """
CREATE TABLE message_rules (
    version integer PRIMARY KEY CHECK (version > 0),
    ladder integer[] NOT NULL,
    quiet_from integer NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),
    quiet_until integer NOT NULL CHECK (quiet_until BETWEEN 0 AND 23),
    holidays date[] NOT NULL,
    language text NOT NULL CHECK (language IN ('id', 'en')),
    channel text NOT NULL CHECK (channel IN ('whatsapp_link', 'whatsapp', 'email', 'sms')),
    receipts boolean NOT NULL,
    restores integer CHECK (restores BETWEEN 0 AND version - 1),
    changed_by_id uuid NOT NULL,
    changed_by_name text NOT NULL,
    changed_at timestamptz NOT NULL
)
"""

_REMINDERS = """
CREATE TABLE bill_looks (
    invoice_id uuid PRIMARY KEY REFERENCES invoices (id),
    since date NOT NULL,
    due_at timestamptz,
    leased_until timestamptz
)
--
CREATE INDEX bill_looks_due ON bill_looks (due_at) WHERE due_at IS NOT NULL
--
CREATE TABLE reminders (
    invoice_id uuid NOT NULL REFERENCES invoices (id),
    step integer NOT NULL,
    message_id uuid REFERENCES messages (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (invoice_id, step)
)
--
CREATE UNIQUE INDEX reminders_message ON reminders (message_id)
"""

_MESSAGES = """
ALTER TABLE messages
    ADD COLUMN state text NOT NULL DEFAULT 'opened' CHECK (state IN (
        'queued', 'opened', 'sending', 'unknown', 'sent', 'delivered', 'read', 'failed',
        'cancelled'
    )),
    ADD COLUMN language text NOT NULL DEFAULT 'id' CHECK (language IN ('id', 'en')),
    ADD COLUMN confirmed_by_name text,
    ADD COLUMN sent_at timestamptz,
    ADD COLUMN trouble text,
    ADD COLUMN cost_idr bigint NOT NULL DEFAULT 0 CHECK (cost_idr >= 0),
    ALTER COLUMN opened_at DROP NOT NULL,
    DROP CONSTRAINT messages_opened_count_check,
    ADD CONSTRAINT messages_opened_count_check
        CHECK (opened_count >= 0 AND (opened_count > 0) = (opened_at IS NOT NULL)),
    DROP CONSTRAINT messages_template_check,
    ADD CONSTRAINT messages_template_check
        CHECK (template IN ('invoice', 'receipt', 'reminder')),
    DROP CONSTRAINT messages_channel_check,
    ADD CONSTRAINT messages_channel_check
        CHECK (channel IN ('whatsapp_link', 'whatsapp', 'email', 'sms'))
--
ALTER TABLE messages ALTER COLUMN state DROP DEFAULT
--
CREATE INDEX messages_queue ON messages (channel, id) WHERE state = 'queued'
--
CREATE INDEX messages_invoice ON messages (invoice_id) WHERE invoice_id IS NOT NULL
"""

_BACKFILL = """
SELECT set_config('lunas.scope', 'all', true)
--
INSERT INTO bill_looks (invoice_id, since, due_at)
SELECT id, (now() AT TIME ZONE 'Asia/Jakarta')::date, now()
FROM invoices WHERE status IN ('issued', 'partially_paid')
"""


def upgrade() -> None:
    run_sql(_RULES)
    run_sql(_REMINDERS)
    run_sql(_MESSAGES)
    run_sql(_BACKFILL)
    grant("message_rules", "SELECT, INSERT")
    grant("bill_looks", "SELECT, INSERT, UPDATE")
    grant("reminders", "SELECT, INSERT")
    for table in ("bill_looks", "reminders"):
        scope_by_parent(table, "invoice_id", "invoices")
