"""Bills and virtual accounts say what they share: ``va_owner_id``."""

from shared.migrations import run_sql

revision = "0003"
down_revision = "0002"

_COPIES = """
ALTER TABLE invoices
    ADD COLUMN va_mode text NOT NULL DEFAULT 'invoice',
    ADD COLUMN plan_id uuid,
    ADD COLUMN va_owner_id uuid NOT NULL GENERATED ALWAYS AS (CASE va_mode
        WHEN 'customer' THEN customer_id WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END
    ) STORED
--
ALTER TABLE virtual_accounts
    ADD COLUMN mode text NOT NULL DEFAULT 'invoice',
    ADD COLUMN plan_id uuid,
    ADD COLUMN va_owner_id uuid NOT NULL
        GENERATED ALWAYS AS (coalesce(invoice_id, plan_id, customer_id)) STORED
--
DROP INDEX virtual_accounts_invoice
--
CREATE INDEX virtual_accounts_owner ON virtual_accounts (va_owner_id)
"""


def upgrade() -> None:
    run_sql(_COPIES)
