"""Plans and bills say whose virtual account they are paid to; accounts say whose they are."""

from shared.migrations import run_sql

revision = "0002"
down_revision = "0001"

_TABLES = """
ALTER TABLE plans
    ADD COLUMN va_mode text NOT NULL DEFAULT 'invoice'
        CHECK (va_mode IN ('invoice', 'contract', 'customer'))
--
ALTER TABLE invoices
    ADD COLUMN va_mode text NOT NULL DEFAULT 'invoice'
        CHECK (va_mode IN ('invoice', 'contract', 'customer')),
    ADD COLUMN va_owner_id uuid NOT NULL GENERATED ALWAYS AS (CASE va_mode
        WHEN 'customer' THEN customer_id WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END
    ) STORED
--
CREATE INDEX invoices_va_owner ON invoices (va_owner_id)
--
ALTER TABLE virtual_accounts RENAME COLUMN invoice_id TO va_owner_id
--
ALTER TABLE virtual_accounts DROP CONSTRAINT virtual_accounts_invoice_id_fkey
--
ALTER TABLE virtual_accounts ADD COLUMN mode text NOT NULL DEFAULT 'invoice'
"""


def upgrade() -> None:
    run_sql(_TABLES)
