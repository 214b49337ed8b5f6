"""The numbers that SNAP requests were known by."""

from shared import migrations

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE external_id (
    partner_id text NOT NULL,
    day date NOT NULL,
    number text NOT NULL CHECK (number ~ '^[0-9]{1,36}$'),
    PRIMARY KEY (partner_id, day, number)
)
"""


def upgrade() -> None:
    migrations.run_sql(TABLES)
    migrations.grant("external_id", "SELECT, INSERT, DELETE")
