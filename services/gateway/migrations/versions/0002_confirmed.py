"""A credential remembers when its holder last gave his password (A8)."""

from alembic import op

from shared.migrations import app_role, run_sql

revision = "0002"
down_revision = "0001"

_COLUMNS = """
ALTER TABLE credentials
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN refusals integer NOT NULL DEFAULT 0 CHECK (refusals BETWEEN 0 AND 5)
--
UPDATE credentials SET confirmed_at = created_at
--
ALTER TABLE credentials ALTER COLUMN confirmed_at SET NOT NULL
"""


def upgrade() -> None:
    run_sql(_COLUMNS)
    op.execute(f'GRANT UPDATE (confirmed_at, refusals) ON credentials TO "{app_role()}"')
