"""Which state of each doubted message of the bank is the newest that was told (E5)."""

from shared.migrations import grant, run_sql

revision = "0011"
down_revision = "0010"

_TABLE = """
CREATE TABLE notices (
    id uuid PRIMARY KEY,
    version bigint NOT NULL CHECK (version > 0)
)
"""


def upgrade() -> None:
    run_sql(_TABLE)
    grant("notices", "SELECT, INSERT, UPDATE")
