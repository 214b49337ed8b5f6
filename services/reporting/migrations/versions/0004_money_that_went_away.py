"""Payments say how much of them was returned to the payer or written off."""

from shared.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql(
        """
        ALTER TABLE payments ADD COLUMN disposed_idr bigint NOT NULL DEFAULT 0
            CHECK (disposed_idr BETWEEN 0 AND amount_idr - unallocated_idr)
        """
    )
