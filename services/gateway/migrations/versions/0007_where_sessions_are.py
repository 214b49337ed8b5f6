"""A credential remembers the browser and the address it was given to."""

from shared.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql("ALTER TABLE credentials ADD COLUMN source text, ADD COLUMN agent text")
