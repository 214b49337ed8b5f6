"""Debits of the bank are booked by two persons, and larger sums are explained by two.

Whoever agrees is never whoever proposed, whatever is proposed.
"""

from shared.migrations import run_sql

revision = "0015"
down_revision = "0014"

_LEDGER = """
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('invoice_issued',
        'payment_received', 'allocation', 'reversal', 'bank_fee', 'attribution', 'return',
        'write_off', 'withdrawal'))
--
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_is_known,
    ADD CONSTRAINT ledger_entries_account_is_known CHECK (
        CASE WHEN customer_id IS NULL
            THEN account IN ('bank:bni', 'billed', 'suspense', 'bank_fees', 'other_income',
                'withdrawals')
            ELSE account IN ('receivable:' || customer_id, 'credit:' || customer_id)
        END
    )
"""
_RESOLUTIONS = """
ALTER TABLE resolutions
    DROP CONSTRAINT resolutions_action_check,
    ADD CONSTRAINT resolutions_action_check CHECK (action IN ('match', 'credit', 'return',
        'write_off', 'book_fee', 'book_withdrawal', 'explain')),
    DROP CONSTRAINT resolutions_money_has_a_payment,
    ADD CONSTRAINT resolutions_money_has_a_payment CHECK (CASE
        WHEN action = 'explain' THEN true
        WHEN action IN ('book_fee', 'book_withdrawal') THEN payment_id IS NULL AND amount_idr > 0
        ELSE payment_id IS NOT NULL AND amount_idr > 0
    END),
    DROP CONSTRAINT resolutions_two_persons,
    ADD CONSTRAINT resolutions_two_persons CHECK (state IN ('proposed', 'refused') OR CASE
        WHEN action IN ('return', 'write_off', 'book_fee', 'book_withdrawal')
            THEN decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id
        ELSE decided_by_id IS DISTINCT FROM proposed_by_id
    END),
    DROP CONSTRAINT resolutions_only_disposals_are_proposed,
    ADD CONSTRAINT resolutions_some_are_proposed
        CHECK (state NOT IN ('proposed', 'refused') OR action NOT IN ('match', 'credit'))
"""


def upgrade() -> None:
    run_sql(_LEDGER)
    run_sql(_RESOLUTIONS)
