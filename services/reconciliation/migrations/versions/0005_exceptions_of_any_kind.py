"""Anything that needs a person is one exception: of a payment, a bank line or a notice.

One is open at a time per kind and key; the key names what it is about. What is there already is
about its payment: a rewrite of the column fills it, row-level security or not.
"""

from alembic import op

from shared.migrations import app_role, run_sql

revision = "0005"
down_revision = "0004"

_GENERIC = """
ALTER TABLE exceptions
    DROP CONSTRAINT exceptions_kind_check,
    ADD CONSTRAINT exceptions_kind_check CHECK (kind IN (
        'unknown_payer', 'overpaid', 'underpaid', 'late', 'duplicate', 'missing_here',
        'missing_at_bank', 'amount_differs', 'disputed', 'quarantined'
    )),
    ALTER COLUMN payment_id DROP NOT NULL,
    ADD COLUMN key text,
    ADD COLUMN bank_line_id uuid,
    ADD COLUMN notice_id uuid,
    ADD COLUMN supports jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN contradicts jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN facts jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN owner_id uuid,
    ADD COLUMN owner_name text,
    ADD CONSTRAINT exceptions_owner_has_a_name
        CHECK ((owner_id IS NULL) = (owner_name IS NULL))
--
ALTER TABLE exceptions
    ALTER COLUMN key TYPE text USING payment_id::text,
    ALTER COLUMN key SET NOT NULL
--
DROP INDEX exceptions_open
--
CREATE UNIQUE INDEX exceptions_open ON exceptions (kind, key) WHERE closed_at IS NULL
--
CREATE INDEX exceptions_oldest ON exceptions (opened_at, id) WHERE closed_at IS NULL
--
CREATE INDEX exceptions_payment ON exceptions (payment_id)
"""

_CHANGEABLE = (
    "customer_id, amount_idr, evidence, supports, contradicts, facts, owner_id, owner_name"
)


def upgrade() -> None:
    run_sql(_GENERIC)
    op.execute(f'GRANT UPDATE ({_CHANGEABLE}) ON exceptions TO "{app_role()}"')
