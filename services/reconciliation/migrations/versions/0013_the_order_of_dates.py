"""Whether the day or the month comes first in dates of a statement, where a person said it."""

from shared.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql("""
        ALTER TABLE statement_layouts ADD COLUMN date_order text NOT NULL DEFAULT ''
            CONSTRAINT statement_layouts_date_order
            CHECK (date_order IN ('', 'day_first', 'month_first'))
    """)
