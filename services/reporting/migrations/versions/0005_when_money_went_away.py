"""Money that was returned or written off has the day on which it left."""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0005"
down_revision = "0004"

_DISPOSALS = """
CREATE TABLE disposals (
    id uuid PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    customer_id uuid,
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    disposed_on date NOT NULL,
    undone boolean NOT NULL
)
--
CREATE INDEX disposals_payment ON disposals (payment_id)
"""


def upgrade() -> None:
    run_sql(_DISPOSALS)
    grant("disposals", "SELECT, INSERT, UPDATE")
    scope_by_customer("disposals")
