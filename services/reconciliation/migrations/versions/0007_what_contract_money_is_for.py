"""Bills and payments name their contract."""

from shared.migrations import run_sql

revision = "0007"
down_revision = "0006"

_COLUMNS = """
ALTER TABLE invoices ADD COLUMN plan_id uuid
--
CREATE INDEX invoices_plan ON invoices (plan_id)
--
ALTER TABLE payments ADD COLUMN plan_id uuid
--
CREATE INDEX payments_plan ON payments (plan_id)
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
