"""Whether a person is asked about money on a billing that we never registered."""

from shared import migrations

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    migrations.run_sql(
        "ALTER TABLE payments ADD COLUMN left_to_person boolean NOT NULL DEFAULT false"
    )
    migrations.grant("payments", "UPDATE (left_to_person)")
