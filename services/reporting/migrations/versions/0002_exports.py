"""Files made of lists, and who paid as the bank has it."""

from shared.migrations import grant, run_sql, scope_by_owner, scope_by_parent

revision = "0002"
down_revision = "0001"

_TABLES = """
ALTER TABLE payments ADD COLUMN payer_name text NOT NULL DEFAULT ''
--
CREATE TABLE exports (
    id uuid PRIMARY KEY,
    maker_id uuid NOT NULL,
    maker_name text NOT NULL,
    maker_role text NOT NULL,
    marketing_id uuid,
    list_name text NOT NULL,
    format text NOT NULL CHECK (format IN ('csv', 'xlsx')),
    filters jsonb NOT NULL,
    columns jsonb NOT NULL,
    file_name text NOT NULL,
    status text NOT NULL CHECK (status IN ('queued', 'running', 'done', 'failed')),
    rows_done bigint NOT NULL CHECK (rows_done >= 0),
    rows_total bigint CHECK (rows_total >= 0),
    size_bytes bigint CHECK (size_bytes > 0),
    sha256 text,
    trouble text,
    attempts integer NOT NULL CHECK (attempts >= 0),
    leased_until timestamptz,
    correlation_id text NOT NULL,
    created_at timestamptz NOT NULL,
    started_at timestamptz,
    finished_at timestamptz,
    expires_at timestamptz NOT NULL,
    CHECK ((status = 'running') = (leased_until IS NOT NULL)),
    CHECK ((status = 'done') = (sha256 IS NOT NULL)),
    CHECK ((status = 'failed') = (trouble IS NOT NULL))
)
--
CREATE INDEX exports_maker ON exports (maker_id, id DESC)
--
CREATE INDEX exports_marketing ON exports (marketing_id)
--
CREATE INDEX exports_under_way ON exports (created_at) WHERE status IN ('queued', 'running')
--
CREATE INDEX exports_expiry ON exports (expires_at)
--
CREATE TRIGGER exports_wake AFTER INSERT OR UPDATE OF status ON exports
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_exports')
--
CREATE TABLE export_pieces (
    export_id uuid NOT NULL REFERENCES exports (id),
    no integer NOT NULL CHECK (no >= 0),
    body bytea NOT NULL,
    PRIMARY KEY (export_id, no)
)
"""


def upgrade() -> None:
    run_sql(_TABLES)
    scope_by_owner("exports")
    scope_by_parent("export_pieces", "export_id", "exports")
    grant("exports", "SELECT, INSERT, UPDATE, DELETE")
    grant("export_pieces", "SELECT, INSERT, DELETE")
