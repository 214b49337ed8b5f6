"""Letters of reversal are documents of their own, one to a payment."""

from shared.migrations import run_sql

revision = "0008"
down_revision = "0007"

_KINDS = """
ALTER TABLE documents
    DROP CONSTRAINT documents_kind_check,
    DROP CONSTRAINT documents_check1,
    ADD CONSTRAINT documents_kind_check CHECK (kind IN (
        'invoice', 'provisional_receipt', 'receipt', 'reversal_letter', 'customer_recap')),
    ADD CONSTRAINT documents_payment_check CHECK (
        (kind IN ('provisional_receipt', 'receipt', 'reversal_letter')) = (payment_id IS NOT NULL))
"""


def upgrade() -> None:
    run_sql(_KINDS)
