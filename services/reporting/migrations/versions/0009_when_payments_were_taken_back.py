"""Payments that were taken back have the day on which they were."""

from shared.migrations import run_sql

revision = "0009"
down_revision = "0008"

_DAYS = """
SELECT set_config('lunas.scope', 'all', true)
--
ALTER TABLE payments ADD COLUMN reversed_on date
--
UPDATE payments SET reversed_on = paid_on WHERE status = 'reversed'
--
ALTER TABLE payments
    ADD CONSTRAINT payments_reversed_check CHECK ((status = 'reversed') = (reversed_on IS NOT NULL))
--
CREATE INDEX payments_reversed ON payments (reversed_on) WHERE reversed_on IS NOT NULL
"""


def upgrade() -> None:
    run_sql(_DAYS)
