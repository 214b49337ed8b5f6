"""What all workers of all processes share: how fast, what is paused, whether the bank is well."""

from shared import migrations

revision = "0003"
down_revision = "0002"

TABLES = """
CREATE TABLE paces (
    subject text PRIMARY KEY,
    free_at timestamptz NOT NULL
)
--
CREATE TABLE call_pauses (
    call text PRIMARY KEY CHECK (call IN ('create', 'update', 'deactivate', 'inquire')),
    until timestamptz NOT NULL
)
--
CREATE TABLE breaker (
    id boolean PRIMARY KEY DEFAULT true CHECK (id),
    failures integer NOT NULL CHECK (failures >= 0),
    probe_at timestamptz
)
--
INSERT INTO breaker (failures) VALUES (0)
"""

RIGHTS = {
    "paces": "SELECT, INSERT, UPDATE, DELETE",
    "call_pauses": "SELECT, INSERT, UPDATE",
    "breaker": "SELECT, UPDATE (failures, probe_at)",
}


def upgrade() -> None:
    migrations.run_sql(TABLES)
    for table, rights in RIGHTS.items():
        migrations.grant(table, rights)
