"""An Admin looks at the dashboard as a Marketing sees it, for some minutes and without writing."""

from shared.migrations import run_sql

revision = "0008"
down_revision = "0007"

_COLUMNS = """
ALTER TABLE credentials
    ADD COLUMN viewing uuid REFERENCES users (id),
    ADD COLUMN viewing_until timestamptz,
    ADD CHECK ((viewing IS NULL) = (viewing_until IS NULL)),
    ADD CHECK (viewing IS NULL OR kind = 'session')
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
