"""What a message to or from the bank said, and how long the bank took to answer it."""

from shared import migrations

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    migrations.run_sql(
        """
        ALTER TABLE exchanges
            ADD COLUMN facts jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(facts) = 'object'),
            ADD COLUMN milliseconds integer CHECK (milliseconds >= 0)
        """
    )
