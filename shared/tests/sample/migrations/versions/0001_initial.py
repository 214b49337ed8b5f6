"""The tables of a service that exists only to test the library."""

from shared.migrations import create_plumbing, grant, run_sql, scope_by_customer, scope_by_owner

revision = "0001"
down_revision = None


def upgrade() -> None:
    create_plumbing()
    run_sql(
        """
        CREATE TABLE customers (id uuid PRIMARY KEY, marketing_id uuid NOT NULL, version int)
        --
        CREATE TABLE notes (
            id uuid PRIMARY KEY,
            customer_id uuid NOT NULL REFERENCES customers (id),
            words text NOT NULL
        )
        """.replace("\n        ", "\n")
    )
    for table in ("customers", "notes"):
        grant(table, "SELECT, INSERT, UPDATE")
    scope_by_owner("customers")
    scope_by_customer("notes")
