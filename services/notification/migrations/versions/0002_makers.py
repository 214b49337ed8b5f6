"""Notices for the one who asked for something: about no customer, for nobody else."""

from shared.migrations import run_sql

revision = "0002"
down_revision = "0001"

_CHANGES = """
ALTER TABLE notices DROP CONSTRAINT notices_audience_check
--
ALTER TABLE notices ADD CONSTRAINT notices_audience_check
    CHECK (audience IN ('owner', 'previous_owner', 'admins', 'maker'))
--
ALTER POLICY scope ON notices USING (
    (SELECT current_setting('lunas.scope', true)) = 'all'
    OR user_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid
    AND (audience IN ('previous_owner', 'maker') OR customer_id IN (SELECT id FROM customers))
)
"""


def upgrade() -> None:
    run_sql(_CHANGES)
