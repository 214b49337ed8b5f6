"""What each source saw of money, the accounts it was paid to, and money beside accounts.

A sighting is insert-only: one per source and subject, the subject being the bank-gateway's payment
or the line of a statement. Only the payment that it is counted in may change, when a later sighting
tells better which belong together.
"""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0008"
down_revision = "0007"

_ACCOUNTS = """
CREATE TABLE virtual_accounts (
    id uuid PRIMARY KEY,
    number text,
    trx_id text NOT NULL,
    customer_id uuid NOT NULL REFERENCES customers (id),
    invoice_id uuid,
    plan_id uuid,
    mode text NOT NULL CHECK (mode IN ('invoice', 'contract', 'customer')),
    billing_type text NOT NULL,
    status text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    expires_at timestamptz,
    ended_at timestamptz,
    version integer NOT NULL CHECK (version > 0)
)
--
CREATE INDEX virtual_accounts_number ON virtual_accounts (number, id)
"""

_SIGHTINGS = """
CREATE TABLE sightings (
    id uuid PRIMARY KEY,
    source text NOT NULL CHECK (source IN ('callback', 'inquiry', 'statement')),
    subject_id uuid NOT NULL,
    is_denial boolean NOT NULL,
    trouble text,
    virtual_account text NOT NULL,
    trx_id text NOT NULL,
    customer_id uuid REFERENCES customers (id),
    invoice_id uuid,
    plan_id uuid,
    amount_idr bigint NOT NULL CHECK (amount_idr <> 0),
    reference text NOT NULL,
    payer_name text NOT NULL,
    remark text NOT NULL,
    day date NOT NULL,
    paid_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    payment_id uuid REFERENCES payments (id),
    UNIQUE (source, subject_id),
    CONSTRAINT sightings_only_inquiries_deny
        CHECK (NOT is_denial OR (source = 'inquiry' AND trouble IS NOT NULL)),
    CONSTRAINT sightings_only_lines_are_negative CHECK (amount_idr > 0 OR source = 'statement')
)
--
CREATE INDEX sightings_account ON sightings (virtual_account) WHERE virtual_account <> ''
--
CREATE INDEX sightings_subject ON sightings (subject_id)
--
CREATE INDEX sightings_payment ON sightings (payment_id)
--
CREATE INDEX sightings_day ON sightings (day) WHERE source <> 'statement'
--
CREATE INDEX payments_account ON payments (virtual_account) WHERE virtual_account <> ''
--
CREATE TABLE statement_comparisons (
    statement_id uuid PRIMARY KEY REFERENCES bank_statements (id),
    compared_at timestamptz NOT NULL
)
--
CREATE TRIGGER statement_comparisons_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON statement_comparisons
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
--
ALTER TABLE statement_comparisons ENABLE ROW LEVEL SECURITY
--
ALTER TABLE statement_comparisons FORCE ROW LEVEL SECURITY
--
CREATE POLICY scope ON statement_comparisons
    USING ((SELECT current_setting('lunas.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('lunas.scope', true)) = 'all')
--
CREATE TRIGGER bank_statements_wake AFTER INSERT ON bank_statements
    FOR EACH STATEMENT EXECUTE FUNCTION wake('reconciliation_statements')
"""

_MONEY = """
ALTER TABLE payments
    DROP CONSTRAINT payments_channel_check,
    ADD CONSTRAINT payments_channel_check CHECK (channel IN ('bni_va', 'bank_transfer'))
--
ALTER TABLE ledger_transactions
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN (
        'invoice_issued', 'payment_received', 'allocation', 'reversal', 'bank_fee'
    ))
--
ALTER TABLE ledger_entries
    DROP CONSTRAINT ledger_entries_account_is_known,
    ADD CONSTRAINT ledger_entries_account_is_known CHECK (
        CASE WHEN customer_id IS NULL
            THEN account IN ('bank:bni', 'billed', 'suspense', 'bank_fees')
            ELSE account IN ('receivable:' || customer_id, 'credit:' || customer_id)
        END
    )
"""


def upgrade() -> None:
    run_sql(_ACCOUNTS)
    run_sql(_SIGHTINGS)
    run_sql(_MONEY)
    grant("virtual_accounts", "SELECT, INSERT, UPDATE")
    grant("sightings", "SELECT, INSERT, UPDATE (payment_id)")
    grant("statement_comparisons", "SELECT, INSERT")
    scope_by_customer("virtual_accounts")
    scope_by_customer("sightings")
