"""Payments follow from sightings: what was told so far becomes sightings, and facts may be joined.

The bank-gateway's version of a payment is no longer kept: each source tells of it once.
"""

from alembic import op

from shared.migrations import app_role, run_sql

revision = "0009"
down_revision = "0008"

_BACKFILL = """
SELECT set_config('lunas.scope', 'all', true)
--
INSERT INTO sightings (id, source, subject_id, is_denial, trouble, virtual_account, trx_id,
    customer_id, invoice_id, plan_id, amount_idr, reference, payer_name, remark, day, paid_at,
    seen_at, payment_id)
SELECT gen_random_uuid(), s.source, p.id, s.source = 'inquiry' AND p.verification = 'disputed',
    CASE WHEN s.source = 'inquiry' AND p.verification = 'disputed'
        THEN coalesce(p.trouble, '') END,
    p.virtual_account, p.trx_id, p.customer_id, p.invoice_id, p.plan_id, p.amount_idr,
    p.bank_reference, p.payer_name, '', (p.paid_at AT TIME ZONE 'Asia/Jakarta')::date, p.paid_at,
    p.received_at, p.id
FROM payments p JOIN (VALUES ('callback'), ('inquiry')) AS s (source)
    ON s.source = 'callback' OR p.verification <> 'unverified'
--
ALTER TABLE payments DROP COLUMN source_version
"""
_JOINED = "trx_id, bank_reference, payer_name, paid_at, invoice_id, plan_id"


def upgrade() -> None:
    run_sql(_BACKFILL)
    op.execute(f'GRANT UPDATE ({_JOINED}) ON payments TO "{app_role()}"')
