"""Failed sign-ins are counted, and from where somebody came in before is remembered (W3)."""

from shared.migrations import grant, run_sql

revision = "0005"
down_revision = "0004"

_TABLES = """
CREATE TABLE sign_in_tries (
    subject text NOT NULL CHECK (subject IN ('account', 'source', 'familiar', 'code')),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    failures integer NOT NULL CHECK (failures >= 0),
    last_at timestamptz NOT NULL,
    blocked_until timestamptz NOT NULL,
    PRIMARY KEY (subject, key)
)
--
CREATE INDEX sign_in_tries_age ON sign_in_tries (last_at)
--
CREATE TABLE familiar_places (
    user_id uuid NOT NULL REFERENCES users (id),
    mark bytea NOT NULL CHECK (octet_length(mark) = 32),
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, mark)
)
"""


def upgrade() -> None:
    run_sql(_TABLES)
    grant("sign_in_tries", "SELECT, INSERT, UPDATE, DELETE")
    grant("familiar_places", "SELECT, INSERT, UPDATE, DELETE")
