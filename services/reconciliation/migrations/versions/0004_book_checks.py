"""The entries of a day in canonical form, and the runs of the check of all books (R3, M11)."""

from shared.migrations import grant, run_sql

revision = "0004"
down_revision = "0003"

_VIEW = r"""
CREATE VIEW day_entries WITH (security_invoker = true) AS
    SELECT t.booked_on, t.id AS transaction_id, e.no, e.amount_idr,
        CASE WHEN e.customer_id IS NULL THEN e.account
            ELSE split_part(e.account, ':', 1) END AS account_class,
        concat_ws('|', t.id, t.kind, t.object_id, coalesce(t.reverses::text, ''),
            (extract(epoch FROM t.posted_at) * 1000000)::bigint, e.no, e.account, e.amount_idr,
            coalesce(t.reason, '')) AS line
    FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
"""

_CHECKS = """
CREATE TABLE book_checks (
    id uuid PRIMARY KEY,
    asked_at timestamptz NOT NULL,
    asked_by text NOT NULL,
    finished_at timestamptz,
    milliseconds bigint,
    entries bigint,
    differences integer,
    told text,
    CHECK (num_nulls(finished_at, milliseconds, entries, differences, told) IN (0, 5))
)
--
CREATE UNIQUE INDEX book_checks_one_waits ON book_checks ((true)) WHERE finished_at IS NULL
--
CREATE INDEX book_checks_newest ON book_checks (asked_at DESC)
--
CREATE TRIGGER book_checks_wake AFTER INSERT ON book_checks
    FOR EACH STATEMENT EXECUTE FUNCTION wake('reconciliation_book_checks')
--
ALTER TABLE book_checks ENABLE ROW LEVEL SECURITY
--
ALTER TABLE book_checks FORCE ROW LEVEL SECURITY
--
CREATE POLICY scope ON book_checks
    USING ((SELECT current_setting('lunas.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('lunas.scope', true)) = 'all')
"""


def upgrade() -> None:
    run_sql(_VIEW)
    run_sql(_CHECKS)
    grant("day_entries", "SELECT")
    grant(
        "book_checks",
        "SELECT, INSERT, UPDATE (finished_at, milliseconds, entries, differences, told)",
    )
