"""Payments that the bank denies are reversed by two persons (ADR-0028).

Undoing that posts the money as a new payment, which the exception is about from then on.
"""

from alembic import op

from shared.migrations import app_role, run_sql

revision = "0016"
down_revision = "0015"

_RESOLUTIONS = """
ALTER TABLE resolutions
    DROP CONSTRAINT resolutions_action_check,
    ADD CONSTRAINT resolutions_action_check CHECK (action IN ('match', 'credit', 'return',
        'write_off', 'reverse', 'book_fee', 'book_withdrawal', 'explain')),
    DROP CONSTRAINT resolutions_two_persons,
    ADD CONSTRAINT resolutions_two_persons CHECK (state IN ('proposed', 'refused') OR CASE
        WHEN action IN ('return', 'write_off', 'reverse', 'book_fee', 'book_withdrawal')
            THEN decided_by_id IS NOT NULL AND decided_by_id <> proposed_by_id
        ELSE decided_by_id IS DISTINCT FROM proposed_by_id
    END)
--
CREATE INDEX resolutions_retracted ON resolutions (payment_id)
    WHERE action = 'reverse' AND state = 'done'
"""


def upgrade() -> None:
    run_sql(_RESOLUTIONS)
    op.execute(f'GRANT UPDATE (payment_id) ON exceptions TO "{app_role()}"')
