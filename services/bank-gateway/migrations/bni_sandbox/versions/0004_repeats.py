"""Notifications that tell again of a payment; SNAP marks them."""

from shared import migrations

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    migrations.run_sql("ALTER TABLE delivery ADD COLUMN repeated boolean NOT NULL DEFAULT false")
