"""What a message that is not believed is about, as far as it can be read."""

from shared import migrations

revision = "0008"
down_revision = "0007"

COLUMNS = """
ALTER TABLE quarantined_notices
    ADD COLUMN virtual_account text NOT NULL DEFAULT '',
    ADD COLUMN amount_idr bigint NOT NULL DEFAULT 0 CHECK (amount_idr >= 0)
"""


def upgrade() -> None:
    migrations.run_sql(COLUMNS)
