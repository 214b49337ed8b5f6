"""What a change request speaks of: the customer himself, a booking, or a bill."""

from shared.migrations import run_sql

revision = "0002"
down_revision = "0001"

_CHANGES = """
SELECT set_config('lunas.scope', 'all', true)
--
ALTER TABLE change_requests
    ADD COLUMN about text NOT NULL DEFAULT 'customer'
        CHECK (about IN ('customer', 'booking', 'invoice')),
    ADD COLUMN about_id uuid,
    ADD COLUMN about_number text CHECK (about_number <> ''),
    ADD CHECK (about = 'customer' OR changes = '{}')
--
UPDATE change_requests AS request
SET about_id = customer_id, about_number = customers.number
FROM customers WHERE customers.id = request.customer_id
--
ALTER TABLE change_requests
    ALTER COLUMN about DROP DEFAULT,
    ALTER COLUMN about_id SET NOT NULL,
    ALTER COLUMN about_number SET NOT NULL
--
CREATE INDEX change_requests_open ON change_requests (id DESC) WHERE status = 'open'
--
SELECT set_config('lunas.scope', '', true)
"""


def upgrade() -> None:
    run_sql(_CHANGES)
