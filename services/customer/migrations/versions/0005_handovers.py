"""Customers handed over in bulk: who, from whom, to whom, and what became of each."""

from shared.migrations import grant, run_sql, scope_by_owner, scope_by_parent

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE handovers (
    id uuid PRIMARY KEY,
    to_id uuid NOT NULL REFERENCES users (id),
    to_name text NOT NULL,
    reason text NOT NULL CHECK (reason <> ''),
    state text NOT NULL CHECK (state IN ('draft', 'running', 'done', 'undoing', 'undone')),
    total integer NOT NULL CHECK (total >= 0),
    made_by_id uuid NOT NULL,
    made_by_name text NOT NULL,
    made_by_role text NOT NULL,
    made_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    undone_at timestamptz,
    version integer NOT NULL CHECK (version > 0),
    CHECK ((state = 'draft') = (started_at IS NULL)),
    CHECK ((state IN ('draft', 'running')) = (finished_at IS NULL)),
    CHECK ((state = 'undone') = (undone_at IS NOT NULL))
)
--
CREATE INDEX handovers_at_work ON handovers (started_at) WHERE state IN ('running', 'undoing')
--
CREATE TABLE handover_rows (
    handover_id uuid NOT NULL REFERENCES handovers (id),
    customer_id uuid NOT NULL REFERENCES customers (id),
    from_id uuid NOT NULL,
    from_name text NOT NULL,
    state text NOT NULL CHECK (state IN ('waiting', 'moved', 'skipped', 'returned')),
    note text,
    PRIMARY KEY (handover_id, customer_id),
    CHECK ((state = 'skipped') = (note IS NOT NULL))
)
--
CREATE INDEX handover_rows_state ON handover_rows (handover_id, state, customer_id)
--
CREATE TRIGGER handovers_wake AFTER INSERT OR UPDATE ON handovers
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_handovers')
"""


def upgrade() -> None:
    run_sql(_TABLES)
    for table in ("handovers", "handover_rows"):
        grant(table, "SELECT, INSERT, UPDATE, DELETE")
    scope_by_owner("handovers", "made_by_id")
    scope_by_parent("handover_rows", "handover_id", "handovers")
