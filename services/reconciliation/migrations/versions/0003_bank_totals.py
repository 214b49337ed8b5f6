"""What the bank itself says was paid on each billing, from inquiries."""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0003"
down_revision = "0002"

_TABLE = """
CREATE TABLE bank_totals (
    trx_id text PRIMARY KEY,
    virtual_account text NOT NULL,
    customer_id uuid NOT NULL,
    invoice_id uuid,
    billed_idr bigint NOT NULL CHECK (billed_idr >= 0),
    bank_paid_idr bigint NOT NULL CHECK (bank_paid_idr >= 0),
    known_paid_idr bigint NOT NULL CHECK (known_paid_idr >= 0),
    last_reference text,
    last_paid_at timestamptz,
    state text NOT NULL CHECK (state IN ('active', 'inactive')),
    asked_at timestamptz NOT NULL
)
--
CREATE INDEX payments_trx ON payments (trx_id)
"""


def upgrade() -> None:
    run_sql(_TABLE)
    grant("bank_totals", "SELECT, INSERT, UPDATE")
    scope_by_customer("bank_totals")
