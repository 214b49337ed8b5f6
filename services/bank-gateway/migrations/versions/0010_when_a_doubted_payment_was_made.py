"""When the payment was made that a message in doubt tells of, where that can be read."""

from shared import migrations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    migrations.run_sql("ALTER TABLE quarantined_notices ADD COLUMN paid_at timestamptz")
