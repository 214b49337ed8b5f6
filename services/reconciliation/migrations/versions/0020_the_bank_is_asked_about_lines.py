"""Of each line it is kept when the bank was to be asked about it, so that it is asked once (R3)."""

from shared.migrations import grant, run_sql

revision = "0020"
down_revision = "0019"

_ASKED = "ALTER TABLE sightings ADD COLUMN asked_for_at timestamptz"


def upgrade() -> None:
    run_sql(_ASKED)
    grant("sightings", "UPDATE (asked_for_at)")
