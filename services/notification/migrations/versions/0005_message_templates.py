"""The words of messages: every version that somebody saved; version 0 is built in."""

from shared.migrations import grant, run_sql

revision = "0005"
down_revision = "0004"

_TABLE = """
CREATE TABLE message_templates (
    purpose text NOT NULL CHECK (
        purpose IN ('bill', 'reminder_before', 'reminder_due', 'reminder_after', 'receipt')
    ),
    language text NOT NULL CHECK (language IN ('id', 'en')),
    version integer NOT NULL CHECK (version > 0),
    body text NOT NULL CHECK (length(body) BETWEEN 1 AND 1000),
    whatsapp_name text CHECK (whatsapp_name ~ '^[a-z0-9_]{1,512}$'),
    restores integer CHECK (restores BETWEEN 0 AND version - 1),
    changed_by_id uuid NOT NULL,
    changed_by_name text NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (purpose, language, version)
)
"""


def upgrade() -> None:
    run_sql(_TABLE)
    grant("message_templates", "SELECT, INSERT")
