"""An account serves a bill, a contract or a customer; payments know the contract."""

from shared import migrations

revision = "0002"
down_revision = "0001"

TABLES = """
ALTER TABLE invoices
    ADD COLUMN plan_id uuid,
    ADD COLUMN va_mode text NOT NULL DEFAULT 'invoice'
        CHECK (va_mode IN ('invoice', 'contract', 'customer')),
    ADD COLUMN va_owner_id uuid NOT NULL GENERATED ALWAYS AS (CASE va_mode
        WHEN 'customer' THEN customer_id WHEN 'contract' THEN coalesce(plan_id, id) ELSE id END
    ) STORED
--
CREATE INDEX invoices_va_owner ON invoices (va_owner_id)
--
DROP INDEX one_open_account_per_invoice, virtual_accounts_invoice
--
ALTER TABLE virtual_accounts
    ALTER COLUMN invoice_id DROP NOT NULL,
    ADD COLUMN mode text NOT NULL DEFAULT 'invoice',
    ADD COLUMN plan_id uuid,
    ADD COLUMN va_owner_id uuid NOT NULL
        GENERATED ALWAYS AS (coalesce(invoice_id, plan_id, customer_id)) STORED,
    ADD CONSTRAINT virtual_accounts_serve_what_their_mode_says CHECK (
        mode = 'invoice' AND invoice_id IS NOT NULL AND plan_id IS NULL
        OR mode = 'contract' AND invoice_id IS NULL AND plan_id IS NOT NULL
        OR mode = 'customer' AND invoice_id IS NULL AND plan_id IS NULL
    )
--
CREATE UNIQUE INDEX one_open_account_per_owner ON virtual_accounts (va_owner_id)
    WHERE status IN ('requested', 'unknown', 'active')
--
CREATE INDEX virtual_accounts_owner ON virtual_accounts (va_owner_id, id DESC)
--
ALTER TABLE payments ADD COLUMN plan_id uuid
"""


def upgrade() -> None:
    migrations.run_sql(TABLES)
