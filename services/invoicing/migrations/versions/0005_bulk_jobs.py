"""Acts on many bills: asked for once, done one by one, each at most once."""

from shared.migrations import grant, run_sql, scope_by_owner, scope_by_parent

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE bulk_jobs (
    id uuid PRIMARY KEY,
    action text NOT NULL CHECK (action IN ('cancel')),
    reason text NOT NULL,
    status text NOT NULL CHECK (status IN ('running', 'stopping', 'stopped', 'done')),
    total integer NOT NULL CHECK (total > 0),
    ok integer NOT NULL CHECK (ok >= 0),
    skipped integer NOT NULL CHECK (skipped >= 0),
    failed integer NOT NULL CHECK (failed >= 0),
    asked_by_id uuid NOT NULL,
    asked_by_name text NOT NULL,
    asked_by_role text NOT NULL,
    marketing_id uuid,
    asked_at timestamptz NOT NULL,
    ended_at timestamptz,
    version integer NOT NULL CHECK (version > 0),
    CHECK (ok + skipped + failed <= total),
    CHECK (status <> 'done' OR ok + skipped + failed = total),
    CHECK ((status IN ('stopped', 'done')) = (ended_at IS NOT NULL))
)
--
CREATE INDEX bulk_jobs_open ON bulk_jobs (asked_at) WHERE ended_at IS NULL
--
CREATE INDEX bulk_jobs_person ON bulk_jobs (asked_by_id, asked_at DESC)
--
CREATE TABLE bulk_items (
    job_id uuid NOT NULL REFERENCES bulk_jobs (id),
    no integer NOT NULL CHECK (no > 0),
    invoice_id uuid NOT NULL,
    number text NOT NULL,
    amount_idr bigint NOT NULL,
    status text NOT NULL CHECK (status IN ('waiting', 'ok', 'skipped', 'failed')),
    why text NOT NULL,
    PRIMARY KEY (job_id, no),
    UNIQUE (job_id, invoice_id),
    CHECK (status NOT IN ('skipped', 'failed') OR why <> '')
)
--
CREATE INDEX bulk_items_waiting ON bulk_items (job_id, no) WHERE status = 'waiting'
--
CREATE TRIGGER bulk_jobs_wake AFTER INSERT OR UPDATE OF status ON bulk_jobs
    FOR EACH STATEMENT EXECUTE FUNCTION wake('lunas_bulk')
"""


def upgrade() -> None:
    run_sql(_TABLES)
    grant("bulk_jobs", "SELECT, INSERT, UPDATE")
    grant("bulk_items", "SELECT, INSERT, UPDATE")
    scope_by_owner("bulk_jobs")
    scope_by_parent("bulk_items", "job_id", "bulk_jobs")
