"""People set their own passwords by a link; an Admin who cannot sign in yet is no Admin left."""

from alembic import op

from shared.migrations import app_role, grant, run_sql

revision = "0003"
down_revision = "0002"

_TABLES = """
ALTER TABLE users
    ALTER COLUMN password_hash DROP NOT NULL,
    ADD COLUMN signed_in_at timestamptz
--
CREATE TABLE password_links (
    user_id uuid PRIMARY KEY REFERENCES users (id),
    purpose text NOT NULL CHECK (purpose IN ('invitation', 'reset')),
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    made_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    CHECK (expires_at > made_at AND expires_at <= made_at + interval '3 days')
)
--
CREATE OR REPLACE FUNCTION keep_one_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lunas.admins'));
    IF NOT EXISTS (
        SELECT 1 FROM users WHERE role = 'admin' AND NOT disabled AND password_hash IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'the last admin must stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
--
DROP TRIGGER users_keep_one_admin ON users
--
CREATE TRIGGER users_keep_one_admin AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.role = 'admin' AND NOT OLD.disabled AND OLD.password_hash IS NOT NULL
        AND (NEW.role <> 'admin' OR NEW.disabled OR NEW.password_hash IS NULL))
    EXECUTE FUNCTION keep_one_admin()
"""


def upgrade() -> None:
    run_sql(_TABLES)
    grant("password_links", "SELECT, INSERT, UPDATE, DELETE")
    op.execute(f'GRANT UPDATE (signed_in_at) ON users TO "{app_role()}"')
