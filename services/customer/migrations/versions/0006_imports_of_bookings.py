"""Bookings are taken over from spreadsheets too (A44)."""

from shared.migrations import run_sql

revision = "0006"
down_revision = "0005"

_KINDS = """
ALTER TABLE imports DROP CONSTRAINT imports_kind_check
--
ALTER TABLE imports ADD CONSTRAINT imports_kind_check
    CHECK (kind IN ('customers', 'products', 'bookings'))
"""


def upgrade() -> None:
    run_sql(_KINDS)
