"""How many account numbers were in use is counted apart from the questions that were answered."""

from shared import migrations

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    migrations.run_sql(
        "ALTER TABLE work ADD COLUMN numbers_tried integer NOT NULL DEFAULT 0"
        " CHECK (numbers_tried >= 0)"
    )
