"""Bank statements: what was imported, its lines, and the layouts of tables that are remembered.

Statements and lines are insert-only (M3). Identical lines of a day are told apart by their ordinal,
so an overlapping file adds nothing twice. They are the company's account, so only whoever sees all
customers sees them.
"""

from shared.migrations import grant, run_sql

revision = "0006"
down_revision = "0005"

_TABLES = """
CREATE TABLE bank_statements (
    id uuid PRIMARY KEY,
    account text NOT NULL CHECK (account <> ''),
    format text NOT NULL CHECK (format IN ('mt940', 'csv')),
    file_name text NOT NULL,
    file_hash text NOT NULL CHECK (file_hash ~ '^[0-9a-f]{64}$'),
    opens_on date NOT NULL,
    closes_on date NOT NULL,
    opening_idr bigint NOT NULL,
    closing_idr bigint NOT NULL,
    credits_idr bigint NOT NULL CHECK (credits_idr >= 0),
    debits_idr bigint NOT NULL CHECK (debits_idr <= 0),
    lines_count integer NOT NULL CHECK (lines_count >= 0),
    added_count integer NOT NULL CHECK (added_count BETWEEN 0 AND lines_count),
    imported_at timestamptz NOT NULL,
    imported_by text NOT NULL,
    UNIQUE (account, file_hash),
    CONSTRAINT bank_statements_period CHECK (opens_on <= closes_on),
    CONSTRAINT bank_statements_balance
        CHECK (opening_idr + credits_idr + debits_idr = closing_idr)
)
--
CREATE INDEX bank_statements_newest ON bank_statements (imported_at DESC, id DESC)
--
CREATE TABLE bank_lines (
    id uuid PRIMARY KEY,
    statement_id uuid NOT NULL REFERENCES bank_statements (id),
    account text NOT NULL,
    line_no integer NOT NULL CHECK (line_no > 0),
    day date NOT NULL,
    value_day date NOT NULL,
    at time,
    amount_idr bigint NOT NULL CHECK (amount_idr <> 0),
    reference text NOT NULL,
    description text NOT NULL,
    fingerprint text NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{64}$'),
    ordinal integer NOT NULL CHECK (ordinal >= 0),
    UNIQUE (account, fingerprint, ordinal)
)
--
CREATE INDEX bank_lines_in_order ON bank_lines (account, day, id)
--
CREATE INDEX bank_lines_of_statement ON bank_lines (statement_id, line_no)
--
CREATE TABLE statement_layouts (
    head text PRIMARY KEY,
    columns jsonb NOT NULL,
    account text NOT NULL,
    remembered_at timestamptz NOT NULL,
    remembered_by text NOT NULL
)
"""
_INSERT_ONLY = ("bank_statements", "bank_lines")
_FORBID = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""
_ADMIN_ONLY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY
--
ALTER TABLE {table} FORCE ROW LEVEL SECURITY
--
CREATE POLICY scope ON {table}
    USING ((SELECT current_setting('lunas.scope', true)) = 'all')
    WITH CHECK ((SELECT current_setting('lunas.scope', true)) = 'all')
"""


def upgrade() -> None:
    run_sql(_TABLES)
    for table in _INSERT_ONLY:
        run_sql(_FORBID.format(table=table))
        grant(table, "SELECT, INSERT")
    grant("statement_layouts", "SELECT, INSERT, UPDATE")
    for table in (*_INSERT_ONLY, "statement_layouts"):
        run_sql(_ADMIN_ONLY.format(table=table))
