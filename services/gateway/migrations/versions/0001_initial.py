"""Users, their credentials, and the roles as rows."""

from shared.migrations import create_plumbing, grant, run_sql

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_plumbing()
    run_sql(TABLES)
    grant("roles", "SELECT, INSERT, UPDATE")
    grant("role_permissions", "SELECT, INSERT, DELETE")
    grant(
        "users",
        "SELECT, INSERT, UPDATE (name, role, phone, password_hash, disabled, version, updated_at)",
    )
    grant("credentials", "SELECT, INSERT, DELETE, UPDATE (seen_at)")


TABLES = """
CREATE TABLE roles (
    name text PRIMARY KEY,
    scope_kind text NOT NULL CHECK (scope_kind IN ('all', 'marketing'))
)
--
CREATE TABLE role_permissions (
    role text NOT NULL REFERENCES roles (name),
    permission text NOT NULL,
    PRIMARY KEY (role, permission)
)
--
CREATE TABLE users (
    id uuid PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username = lower(username) AND username <> ''),
    name text NOT NULL CHECK (name <> ''),
    role text NOT NULL REFERENCES roles (name),
    phone text,
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    disabled boolean NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
)
--
CREATE TABLE credentials (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users (id),
    kind text NOT NULL CHECK (kind IN ('session', 'token')),
    secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at <= created_at + interval '8 hours')
)
--
CREATE INDEX credentials_user ON credentials (user_id)
--
CREATE INDEX credentials_expiry ON credentials (expires_at)
--
CREATE FUNCTION keep_one_admin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lunas.admins'));
    IF NOT EXISTS (SELECT 1 FROM users WHERE role = 'admin' AND NOT disabled) THEN
        RAISE EXCEPTION 'the last admin must stay' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
--
CREATE TRIGGER users_keep_one_admin AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.role = 'admin' AND NOT OLD.disabled AND (NEW.role <> 'admin' OR NEW.disabled))
    EXECUTE FUNCTION keep_one_admin()
"""
