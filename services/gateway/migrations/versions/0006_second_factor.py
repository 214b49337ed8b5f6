"""A second factor: codes of an app, recovery codes, and a sign-in that is half done."""

from shared.migrations import grant, run_sql

revision = "0006"
down_revision = "0005"

_TABLES = """
CREATE TABLE second_factors (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    sealed_secret bytea NOT NULL,
    made_at timestamptz NOT NULL,
    enabled_at timestamptz,
    last_step bigint NOT NULL DEFAULT 0
)
--
CREATE TABLE recovery_codes (
    user_id uuid NOT NULL REFERENCES second_factors (user_id) ON DELETE CASCADE,
    code_hash bytea NOT NULL CHECK (octet_length(code_hash) = 32),
    PRIMARY KEY (user_id, code_hash)
)
--
ALTER TABLE credentials DROP CONSTRAINT credentials_kind_check
--
ALTER TABLE credentials ADD CONSTRAINT credentials_kind_check
    CHECK (kind IN ('session', 'token', 'half'))
"""


def upgrade() -> None:
    run_sql(_TABLES)
    grant("second_factors", "SELECT, INSERT, UPDATE, DELETE")
    grant("recovery_codes", "SELECT, INSERT, DELETE")
