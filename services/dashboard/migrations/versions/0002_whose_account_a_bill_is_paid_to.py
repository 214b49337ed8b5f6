"""Bills name the virtual account they are paid to, so that its news reaches their pages."""

from shared.migrations import run_sql

revision = "0002"
down_revision = "0001"

_COPIES = """
ALTER TABLE invoices ADD COLUMN va_owner_id uuid
--
CREATE INDEX invoices_va_owner ON invoices (va_owner_id)
"""


def upgrade() -> None:
    run_sql(_COPIES)
