"""The list of bills is read in its order from an index, not sorted (ADR-0037)."""

from shared.migrations import expect_rows

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for table in ("customers", "invoices", "invoice_tallies", "invoice_changes"):
        expect_rows(table)
