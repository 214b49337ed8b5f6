"""Spreadsheets that are taken over: staged, looked at, run once, taken back (A44)."""

from shared.migrations import grant, run_sql, scope_by_owner, scope_by_parent

revision = "0004"
down_revision = "0003"

_TABLES = """
CREATE TABLE imports (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('customers', 'products')),
    file_name text NOT NULL CHECK (file_name <> ''),
    headings jsonb NOT NULL,
    heading_key text NOT NULL,
    columns jsonb NOT NULL,
    layout text NOT NULL CHECK (layout IN ('guessed', 'remembered', 'named')),
    marketing_id uuid REFERENCES users (id),
    whole boolean NOT NULL,
    state text NOT NULL CHECK (state IN ('draft', 'running', 'done', 'undoing', 'undone')),
    note text NOT NULL,
    made_by_id uuid NOT NULL,
    made_by_name text NOT NULL,
    made_at timestamptz NOT NULL,
    acting_id uuid NOT NULL,
    acting_name text NOT NULL,
    acting_role text NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    version integer NOT NULL CHECK (version > 0),
    CHECK ((state = 'draft') = (started_at IS NULL)),
    CHECK ((state IN ('draft', 'running')) = (finished_at IS NULL))
)
--
CREATE INDEX imports_at_work ON imports (started_at) WHERE state IN ('running', 'undoing')
--
CREATE INDEX imports_source ON imports (kind, md5(heading_key))
--
CREATE TABLE import_rows (
    import_id uuid NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    row_no integer NOT NULL CHECK (row_no > 0),
    cells jsonb NOT NULL,
    edits jsonb NOT NULL,
    verdict text NOT NULL CHECK (verdict IN ('new', 'changed', 'same', 'rejected')),
    fields jsonb NOT NULL,
    faults jsonb NOT NULL,
    changes jsonb NOT NULL,
    object_id uuid,
    object_version integer,
    state text NOT NULL CHECK (state IN ('waiting', 'written', 'failed', 'undone')),
    PRIMARY KEY (import_id, row_no),
    CHECK (state IN ('waiting', 'failed') OR verdict IN ('new', 'changed')),
    CHECK (state NOT IN ('written', 'undone') OR object_id IS NOT NULL),
    CHECK (verdict <> 'rejected' OR faults <> '[]')
)
--
CREATE INDEX import_rows_object ON import_rows (object_id)
--
CREATE TRIGGER imports_wake AFTER INSERT OR UPDATE ON imports
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_imports')
"""


def upgrade() -> None:
    run_sql(_TABLES)
    for table in ("imports", "import_rows"):
        grant(table, "SELECT, INSERT, UPDATE, DELETE")
    scope_by_owner("imports", "made_by_id")
    scope_by_parent("import_rows", "import_id", "imports")
