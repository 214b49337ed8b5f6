"""The balance that the bank prints is compared with the ledger's (ADR-0031).

What nothing explains of a day is an exception of its own kind. A reversal counts as a movement of
what it reverses.
"""

from shared.migrations import grant, run_sql

revision = "0018"
down_revision = "0017"

_EXCEPTIONS = """
ALTER TABLE exceptions
    DROP CONSTRAINT exceptions_kind_check,
    ADD CONSTRAINT exceptions_kind_check CHECK (kind IN (
        'unknown_payer', 'overpaid', 'underpaid', 'late', 'duplicate', 'missing_here',
        'missing_at_bank', 'amount_differs', 'disputed', 'quarantined', 'balance_differs'
    ))
--
CREATE INDEX exceptions_line ON exceptions (bank_line_id) WHERE bank_line_id IS NOT NULL
--
CREATE VIEW bank_movements WITH (security_invoker = true) AS
    SELECT t.booked_on, t.kind, t.object_id, e.amount_idr
    FROM ledger_transactions t
    JOIN ledger_entries e ON e.transaction_id = t.id AND e.account = 'bank:bni'
    WHERE t.reverses IS NULL
        AND t.kind NOT IN ('invoice_issued', 'allocation', 'attribution', 'split', 'write_off')
    UNION ALL
    SELECT r.booked_on, t.kind, t.object_id, e.amount_idr
    FROM ledger_transactions r JOIN ledger_transactions t ON t.id = r.reverses
        AND t.kind NOT IN ('invoice_issued', 'allocation', 'attribution', 'split', 'write_off')
    JOIN ledger_entries e ON e.transaction_id = r.id AND e.account = 'bank:bni'
--
CREATE VIEW shown_payments WITH (security_invoker = true) AS
    SELECT p.id, p.virtual_account, (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date AS paid_on,
        (SELECT coalesce(sum(m.amount_idr), 0) FROM bank_movements m
            WHERE m.kind = 'payment_received' AND m.object_id = p.id) AS held_idr,
        (SELECT coalesce(sum(l.amount_idr), 0)
            FROM sightings s JOIN bank_lines l ON l.id = s.subject_id
            WHERE s.payment_id = p.id AND s.source = 'statement') AS shown_idr
    FROM payments p
"""


def upgrade() -> None:
    run_sql(_EXCEPTIONS)
    for view in ("bank_movements", "shown_payments"):
        grant(view, "SELECT")
