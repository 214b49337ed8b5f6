"""Whether a customer is still one, and when the bank last agreed to a later end (ADR-0025)."""

from shared import migrations

revision = "0011"
down_revision = "0010"

COLUMNS = """
ALTER TABLE customers
    ADD COLUMN status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive'))
--
ALTER TABLE virtual_accounts ADD COLUMN extended_at timestamptz
"""


def upgrade() -> None:
    migrations.run_sql(COLUMNS)
