"""Held notifications, what went wrong with a request, and the other lines of the account."""

from shared import migrations

revision = "0002"
down_revision = "0001"

# Only a notification that somebody must pick up wakes the sender: a NOTIFY makes commits queue.
TABLES = """
ALTER TABLE delivery ADD COLUMN held boolean NOT NULL DEFAULT false
--
CREATE INDEX delivery_held ON delivery (id) WHERE held
--
DROP TRIGGER delivery_wake ON delivery
--
CREATE TRIGGER delivery_wake AFTER INSERT OR UPDATE OF due_at, leased_until ON delivery
    FOR EACH ROW WHEN (NEW.state = 'pending' AND NEW.leased_until IS NULL)
    EXECUTE FUNCTION wake('bni_sandbox_delivery')
--
ALTER TABLE payment ADD COLUMN customer_name text NOT NULL DEFAULT ''
--
UPDATE payment SET customer_name = billing.customer_name
    FROM billing WHERE billing.trx_id = payment.trx_id
--
CREATE INDEX payment_booked ON payment (paid_at, id)
--
CREATE INDEX billing_newest ON billing (created_at DESC)
--
ALTER TABLE request ADD COLUMN fault text NOT NULL DEFAULT ''
--
CREATE TABLE transfer (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('credit', 'debit', 'fee')),
    amount_idr bigint NOT NULL CHECK (amount_idr > 0),
    party text NOT NULL,
    remark text NOT NULL,
    journal_no text NOT NULL,
    booked_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL
)
--
CREATE INDEX transfer_booked ON transfer (booked_at, id)
"""


def upgrade() -> None:
    migrations.run_sql(TABLES)
    migrations.grant("transfer", "SELECT, INSERT")
    for table in ("billing", "payment", "delivery", "request", "transfer"):
        migrations.grant(table, "DELETE")
