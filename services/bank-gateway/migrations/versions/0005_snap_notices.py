"""Payments that SNAP BI told of: whose request they were, and what we answered it."""

from alembic import op

from shared import migrations

revision = "0005"
down_revision = "0004"

TABLES = """
ALTER TABLE payments
    ADD COLUMN request_id text CHECK (length(request_id) BETWEEN 1 AND 128)
--
CREATE UNIQUE INDEX payments_request ON payments (client_id, request_id)
    WHERE request_id IS NOT NULL AND verification <> 'disputed'
--
CREATE TABLE snap_answers (
    partner_id text NOT NULL CHECK (length(partner_id) > 0),
    day date NOT NULL,
    external_id text NOT NULL CHECK (external_id ~ '^[0-9]{1,36}$'),
    body_hash text NOT NULL CHECK (body_hash ~ '^[0-9a-f]{64}$'),
    code text NOT NULL CHECK (code ~ '^[0-9]{7}$'),
    answer bytea NOT NULL,
    answered_at timestamptz NOT NULL,
    PRIMARY KEY (partner_id, day, external_id)
)
--
CREATE INDEX snap_answers_at ON snap_answers (answered_at)
"""


def upgrade() -> None:
    migrations.run_sql(TABLES)
    migrations.grant("snap_answers", "SELECT, INSERT, DELETE")
    rule = "(SELECT current_setting('lunas.scope', true)) = 'all'"
    op.execute("ALTER TABLE snap_answers ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE snap_answers FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY scope ON snap_answers USING ({rule}) WITH CHECK ({rule})")
